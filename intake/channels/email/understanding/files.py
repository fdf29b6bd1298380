"""All files of a mail: its parts, what winmail.dat hides, what is uuencoded in the text."""

from dataclasses import dataclass

from intake.channels.email.understanding import attachments, tnef
from intake.channels.email.understanding.mail import Attachment
from intake.channels.email.understanding.problems import Problems
from intake.channels.email.understanding.tree import Part


@dataclass(frozen=True, slots=True)
class Files:
    """The files, and text that came out of a winmail.dat."""

    attachments: tuple[Attachment, ...]
    text: str


def of(parts: list[Part], problems: Problems) -> Files:
    """Return the files in the mail's order; a readable winmail.dat gives way to its content."""
    found: list[Attachment] = []
    texts: list[str] = []
    for part in parts:
        attachment = attachments.of(part, problems)
        unpacked = tnef.unpack(attachment, problems) if tnef.is_tnef(attachment) else None
        if unpacked is None:
            found.append(attachment)
            continue
        found.extend(unpacked.files)
        texts.append(unpacked.text)
    return Files(tuple(found), "\n\n".join(filter(None, texts)))
