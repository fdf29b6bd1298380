"""Makes a mail of a notice: a fixed set of headers, one recipient, text and HTML. Pure.

What a name or subject holds is made harmless before the mail is built: Python's header parser
would decode an encoded-word inside them and write what it finds, line ends included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core.ground import email_address
from core.ground.text import clean_line, shorten
from intake.channel import Outgoing

POLICY = SMTP.clone(cte_type="7bit", max_line_length=78)
"""Seven bits all the way: no relay needs to rewrite, and thereby break, what we signed."""

LOOP_HEADER = "X-KISS-Intake"
"""Marks mail of ours; mail that comes in with it is a loop."""
_REFERENCES = 10

HEADERS = frozenset(
    {
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        LOOP_HEADER,
        "Content-Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    }
)
"""Every header a mail of ours may carry."""


class UnusableAddressError(Exception):
    """This is no address that a mail can be sent to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The names and addresses on a mail that come from us."""

    from_name: str
    from_address: str
    reply_to: str | None
    message_id: str
    earlier: Sequence[str]
    """Message-IDs of the ticket's earlier mail, oldest first."""
    date: datetime


def compose(outgoing: Outgoing, stamp: Stamp) -> EmailMessage:
    """Return the mail. Raises UnusableAddressError; nothing in it can add a header."""
    message = EmailMessage(policy=POLICY)
    message["From"] = _address(stamp.from_name, stamp.from_address)
    message["To"] = _address("", outgoing.recipient)
    if stamp.reply_to:
        message["Reply-To"] = _address(stamp.from_name, stamp.reply_to)
    message["Subject"] = harmless(outgoing.subject)
    message["Date"] = format_datetime(stamp.date)
    message["Message-ID"] = stamp.message_id
    if stamp.earlier:
        message["In-Reply-To"] = stamp.earlier[-1]
        message["References"] = " ".join(
            dict.fromkeys([stamp.earlier[0], *stamp.earlier[-_REFERENCES:]])
        )
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5
    message["X-Auto-Response-Suppress"] = "All"
    message[LOOP_HEADER] = "notice"
    message.set_content(outgoing.text, cte="quoted-printable")
    if outgoing.html is not None:
        message.add_alternative(outgoing.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = outgoing.language  # last: the bodies above take such headers
    return message


def harmless(text: str) -> str:
    """Return one line without controls or encoded-words (RFC 2047), fit for a header."""
    return shorten(clean_line(text).replace("=?", "= ?"), 200)


def is_plain_header_set(content: bytes) -> bool:
    """Say whether a written mail has our headers only, each once: a last look before it goes."""
    lines = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].decode("latin-1") for line in lines if line[:1].strip()]
    return len(names) == len(set(names)) and HEADERS.issuperset(names)


def checked_address(address: str) -> str:
    """Return one bare address, its domain in ASCII; UnusableAddressError for anything else."""
    local, _, domain = address.strip().rpartition("@")
    bad = any(sign in ' "(),:;<>@[\\]' or not sign.isprintable() for sign in local)
    if not local or not domain or bad or len(address) > email_address.LONGEST:
        raise UnusableAddressError
    wire = email_address.ascii_domain(domain)
    if wire is None:
        raise UnusableAddressError
    return f"{local}@{wire}"


def _address(name: str, address: str) -> Address:
    local, _, domain = checked_address(address).rpartition("@")
    return Address(display_name=harmless(name), username=local, domain=domain)
