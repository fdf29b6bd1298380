"""What was repaired, cut or refused while reading one mail, in words for staff."""

from intake.channels.email.understanding import limits


class Problems:
    """An ordered set of sentences; it stops growing at `limits.PROBLEMS`."""

    __slots__ = ("_sentences",)

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def note(self, sentence: str) -> None:
        """Remember one sentence, once."""
        if len(self._sentences) < limits.PROBLEMS:
            self._sentences.setdefault(sentence)

    def __bool__(self) -> bool:
        return bool(self._sentences)

    def sentences(self) -> tuple[str, ...]:
        """Return everything noted, in the order it was found."""
        return tuple(self._sentences)
