"""What a button sends back: `id:version:about`. Pure."""

from intake.dialogue.events import Press
from intake.dialogue.replies import Choice

MOST_BYTES = 64
"""As much as the narrowest channel carries (Bot API, callback_data)."""


def write(choice: Choice, version: int) -> str:
    """Write what a button sends; its subject is left out where it would not fit."""
    written = f"{choice.id}:{version}:{choice.about}"
    return written if len(written.encode()) <= MOST_BYTES else f"{choice.id}:{version}:"


def read(written: str) -> Press | None:
    """Read what a button sent; None for anything else."""
    name, _, rest = written.partition(":")
    version, _, about = rest.partition(":")
    if not name or not (version.isascii() and version.isdigit()):
        return None
    return Press(id=name, about=about, version=int(version[:9]))
