import email
from email import policy
from pathlib import Path

import aiosmtplib

from intake.mail_sink import sink


async def test_what_the_sink_accepts_lies_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    for _ in range(2):  # a second start counts on
        async with sink(folder) as open_sink:
            await aiosmtplib.send(
                b"Subject: Kabar\r\n\r\nIsi surat.\r\n",
                sender="bounce+x@rs.example.org",
                recipients=["ibu@example.org"],
                hostname=open_sink.host,
                port=open_sink.port,
                start_tls=False,
            )

    files = sorted(folder.iterdir())
    assert [path.name for path in files] == ["000001.eml", "000002.eml"]
    kept = email.message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert kept["Return-Path"] == "<bounce+x@rs.example.org>"
    assert kept["Delivered-To"] == "ibu@example.org"
    assert kept["Subject"] == "Kabar"
    assert kept.get_content().strip() == "Isi surat."
