"""Hostile mails of any size: what a parser must get through in time that grows with the bytes."""

from dataclasses import dataclass
from typing import Final

HEAD: Final = b"From: A <a@example.org>\nTo: b@example.org\nSubject: x\n"
PAGE: Final = HEAD + b"Content-Type: text/html\n\n"
PARTS: Final = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
FLOWED: Final = HEAD + b"Content-Type: text/plain; format=flowed\n\n"
RTF: Final = HEAD + b"Content-Type: text/rtf\n\n{\\rtf1 "
SMIME: Final = HEAD + b"Content-Type: application/pkcs7-mime\n\n"
BASE64: Final = HEAD + b"Content-Transfer-Encoding: base64\n\n"
UU: Final = HEAD + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n"
BOUNCE: Final = b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n"
REPORT: Final = b"From: MAILER-DAEMON@x.example\nContent-Type: message/delivery-status\n\n"
ENCLOSED: Final = b"Content-Type: message/rfc822\n\n"
ATTRIBUTION: Final = b"On Mon, Jan 6, 2026 B <b@example.org> wrote:\n"
RECIPIENT: Final = b"Final-Recipient: rfc822; x@example.org\nAction: failed\n\n"


@dataclass(frozen=True)
class Bomb:
    """One thing again and again; made when asked for, so that collecting tests costs no memory."""

    before: bytes
    unit: bytes
    times: int
    after: bytes = b""

    def of(self, percent: int) -> bytes:
        return self.before + self.unit * (self.times * percent // 100) + self.after


BOMBS: Final = {
    "enclosed mails": Bomb(HEAD, ENCLOSED, 2000, b"\nhalo"),
    "parts": Bomb(PARTS, b"--b\n\nx\n", 100_000),
    "boundary lines": Bomb(PARTS, b"--bx\n", 400_000),
    "people": Bomb(HEAD + b"Cc: ", b"u@example.org, ", 20_000, b"\n\nx"),
    "brackets": Bomb(b"From: ", b"(", 20_000, b"a@example.org\n\nx"),
    "encoded words": Bomb(b"Subject: ", b"=?utf-8?q?a=C3=A9?= ", 40_000, b"\n\nx"),
    "open words": Bomb(b"Subject: ", b"=?utf-8?q?", 40_000, b"\n\nx"),
    "references": Bomb(HEAD + b"References: ", b"<a@example.org> ", 20_000, b"\n\nx"),
    "headers": Bomb(b"", b"X: y\n", 50_000, HEAD + b"\nx"),
    "one line": Bomb(HEAD + b"\n", b"a", 5_000_000),
    "blanks": Bomb(HEAD + b"\n", b" ", 1_000_000, b"x"),
    "quotes": Bomb(HEAD + b"\n", b"> ", 500_000),
    "quoted lines": Bomb(HEAD + b"\n", b">\n", 500_000),
    "openers": Bomb(HEAD + b"\n", b"On ", 200_000, b"wrote"),
    "attributions": Bomb(HEAD + b"\n", ATTRIBUTION, 20_000),
    "ruled verbs": Bomb(HEAD + b"\n", b"-----writes----- \n", 20_000),
    "lone labels": Bomb(HEAD + b"\n", b"References: \n", 20_000),
    "labels": Bomb(HEAD + b"\n", b"From: a\nSent: b\n", 30_000),
    "delimiters": Bomb(HEAD + b"\n", b"-- \n", 100_000),
    "names": Bomb(HEAD + b"\n", b"A\n", 100_000),
    "flowed": Bomb(FLOWED, b"kata \n", 200_000),
    "rtf words": Bomb(RTF, b"\\f1", 400_000, b" x}"),
    "rtf groups": Bomb(RTF, b"{", 1_000_000, b"x"),
    "rtf ends": Bomb(RTF, b"}", 1_000_000, b"x"),
    "rtf fields": Bomb(RTF, b"{\\field{\\*\\fldinst{", 60_000, b"x"),
    "smime depth": Bomb(SMIME, b"\x30\x80", 1_000_000),
    "smime pieces": Bomb(SMIME + b"\x30\x80", b"\x05\x00", 1_000_000),
    "base64": Bomb(BASE64, b"=a", 500_000),
    "uuencode": Bomb(UU, b"~\n", 300_000),
    "parameters": Bomb(HEAD + b"Content-Type: text/plain", b"; name*1=x", 20_000, b"\n\nx"),
    "divs": Bomb(PAGE, b"<div>", 50_000, b"x"),
    "bold": Bomb(PAGE, b"<b><i>", 9000, b"x"),
    "tables": Bomb(PAGE, b"<table><td>", 9000, b"x"),
    "links": Bomb(PAGE, b"<a href='", 50_000),
    "comments": Bomb(PAGE, b"<!--", 100_000),
    "bounce": Bomb(BOUNCE, b"550 user ", 50_000),
    "reports": Bomb(REPORT, RECIPIENT, 20_000),
}
"""At 100 percent each is far beyond every limit; at 25 still beyond most."""

SEEDS: Final = (
    "a", " ", "\n", "> ", "-", "_", "<", "(", '"', "@", "a@", "a@a.", "0", "1.", "On ", "Pada ",
    "=?utf-8?q?", "?=", ":", "--\n", "wrote:", "menulis:\n", "mailbox ", "user ", "550 5.1.1 ",
    "Dari: ", "From: a\n", "&", "<p ", "</", "[", ";", "\\", "é", "中", "Re: ",
    "Sent from my\n",
)  # fmt: skip
"""What the patterns of ours begin with: repeated, each makes a careless pattern explode."""
