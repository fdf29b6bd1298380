"""A notice to be sent by mail, and a mail read by Python's own parser."""

import email
from email import policy
from email.message import EmailMessage
from uuid import uuid4

from intake.channel import Outgoing

FROM = "kiss@rs.example.org"


def outgoing(**changes: object) -> Outgoing:
    facts: dict[str, object] = {
        "delivery_id": uuid4(),
        "recipient": "ibu@example.org",
        "language": "id",
        "template": "replied",
        "subject": "Laporan Anda sudah dijawab (TKT-20261123-0001)",
        "text": "Laporan Anda sudah dijawab Farmasi.\n.\nTitik di awal baris; é dan ✓.\n",
        "html": "<p>Laporan Anda sudah dijawab Farmasi. ✓</p>",
        "ticket_id": uuid4(),
    }
    return Outgoing(**(facts | changes))  # type: ignore[arg-type]  # a builder for any field


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
