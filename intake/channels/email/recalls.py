"""A mail program that takes a mail back (Outlook's "Recall this message"). Pure.

Nobody withdraws a complaint by that: the recall stands on the ticket of the mail, for staff to see.
A header of the program says it for certain. Subject words alone say nothing ("Recall: the drug you
gave my mother"): they count together with a body that holds no words but the program's, and an
earlier report of the same sender under the same subject.
"""

import re
from typing import Final

from core.ground.text import clean_line
from intake.channels.email.report import bare_subject
from intake.channels.email.understanding.mail import Mail

_SUBJECT: Final = re.compile(
    r"^\s*(?:recall|message recall|penarikan(?: kembali)?|tarik kembali|penarikan pesan|rückruf"
    r"|rappel|recuperar|richiamo|intrekken)\s*:\s*(?P<subject>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CLASS_HEADERS: Final = frozenset(
    {"content-class", "x-message-class", "message-class", "x-ms-message-class"}
)
_LONGEST: Final = 200
"""Characters of the one sentence that the program writes."""


def is_marked(mail: Mail) -> bool:
    """Say whether the sender's mail program marked it as a recall (`IPM.Outlook.Recall`)."""
    return any(name in _CLASS_HEADERS and "recall" in value.lower() for name, value in mail.headers)


def recalled_subject(mail: Mail) -> str | None:
    """Return the subject of the mail that this one takes back; None if it is no recall by itself.

    Whether that mail is there, the caller has to ask.
    """
    found = _SUBJECT.match(mail.subject)
    subject = bare_subject(found["subject"] if found else mail.subject)
    if is_marked(mail):
        return subject
    if found is None or mail.attachments:
        return None
    said = clean_line(mail.text)
    quoted = bool(subject) and f'"{subject.lower()}"' in _straight(said).lower()
    return subject if not said or (quoted and len(said) <= _LONGEST + len(subject)) else None


def _straight(text: str) -> str:
    return re.sub("[“”„«»]", '"', text)
