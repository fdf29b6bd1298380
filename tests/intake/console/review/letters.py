"""Mail that is set aside, and who decides about it."""

import base64
from uuid import UUID

from sqlalchemy import select

from core.ground.database import transaction
from core.hospital.unit import Unit
from core.runtime import Runtime
from tests.intake.channels.email.door import PERSON, mail

NEWSLETTER = {"List_Id": "<warta.example.org>", "Auto_Submitted": "auto-generated"}


def newsletter(
    words: str = "AC di kamar 3 mati sejak kemarin.",
    subject: str = "Warta bulan ini",
    sender: str = f"Sari <{PERSON}>",
    **headers: str,
) -> bytes:
    """Write a mail that looks like a list's."""
    facts = NEWSLETTER | {"Message_ID": f"<{len(words)}{len(subject)}@example.org>"} | headers
    return mail(words, subject=subject, sender=sender, **facts)


def with_everything() -> bytes:
    """Write a mail that would run, load and attach whatever it can."""
    picture = base64.b64encode(b"\xff\xd8\xff" + b"0" * 2000).decode()
    return mail(
        "--b",
        "Content-Type: text/html; charset=utf-8",
        "",
        "<p>Ibu saya <b>sesak napas</b> sekarang, tolong.</p>"
        '<img src="https://tracker.example/1.png"><script>alert(1)</script>'
        '<a href="https://phish.example/">klik</a>',
        "--b",
        'Content-Type: image/jpeg; name="kamar.jpg"',
        'Content-Disposition: attachment; filename="kamar.jpg"',
        "Content-Transfer-Encoding: base64",
        "",
        picture,
        "--b--",
        subject="Tolong <script>alert(2)</script>",
        sender="Budi <budi@example.org>",
        MIME_Version="1.0",
        Content_Type='multipart/mixed; boundary="b"',
        Message_ID="<semua@example.org>",
        **NEWSLETTER,
    )


async def triage_desk(runtime: Runtime) -> UUID:
    """Return the unit that gets whatever no rule could place."""
    async with transaction(runtime.database) as session:
        return (await session.scalars(select(Unit.id).where(Unit.is_triage_desk))).one()
