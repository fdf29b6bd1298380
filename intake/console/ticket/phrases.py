"""Beginnings of answers that staff need every day, in the submitter's language.

They are starting points: whoever uses one reads it and makes it theirs.
"""

from dataclasses import dataclass
from typing import Final

from intake.language import Language
from intake.language import marked as _


@dataclass(frozen=True, slots=True)
class Phrase:
    """A beginning: its name for staff, its words for the person in both languages."""

    code: str
    name: str
    id: str
    en: str

    def words(self, language: Language, **facts: str) -> str:
        """Write it for a person; `facts` are unit and number."""
        return (self.id if language == "id" else self.en).format(**facts)


PHRASES: Final = (
    Phrase(
        "looking",
        _("We are looking into it"),
        "Terima kasih sudah memberi tahu kami. {unit} sedang memeriksa hal ini dan segera "
        "memberi kabar.",
        "Thank you for telling us. {unit} is looking into it and will write to you soon.",
    ),
    Phrase(
        "sorry",
        _("Apology, and what we did"),
        "Mohon maaf atas kejadian ini. Kami sudah … Jika masih ada yang kurang, balas pesan ini.",
        "We are sorry that this happened. We have … If anything is still wrong, reply to this "
        "message.",
    ),
    Phrase(
        "when",
        _("Ask when and where"),
        "Agar dapat kami telusuri: kapan dan di ruang atau loket mana hal ini terjadi?",
        "So that we can look into it: when did it happen, and in which room or at which counter?",
    ),
    Phrase(
        "photo",
        _("Ask for a photo"),
        "Jika ada, mohon kirim foto agar petugas kami langsung melihat bagian yang dimaksud.",
        "If you have one, please send a photo, so that our staff see at once what is meant.",
    ),
    Phrase(
        "thanks",
        _("Thanks for praise"),
        "Terima kasih! Pesan Anda kami sampaikan kepada petugas di {unit}.",
        "Thank you! We pass your message on to the staff of {unit}.",
    ),
    Phrase(
        "elsewhere",
        _("Not ours"),
        "Hal ini ditangani oleh pihak lain, bukan rumah sakit kami. Silakan hubungi …",
        "Somebody else, not our hospital, deals with this. Please turn to …",
    ),
)
BY_CODE: Final = {phrase.code: phrase for phrase in PHRASES}
