"""What a setting must look like: an address, a place to listen, a region. One sentence a mistake.

Each is a type for a field of settings: a value that does not fit is refused when the process
starts, with all others that do not, and never when the first person needs it.
"""

import re
from typing import Annotated, Final
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from pydantic import AfterValidator

from core.ground import email_address
from core.ground.ip_address import plain

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST_NAME: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?")
_LAST_PORT: Final = 65535


def _web_address(value: str) -> str:
    parts = _parts(value)
    if parts.scheme not in ("http", "https") or not _is_host(parts.hostname):
        raise ValueError("it is a whole address, such as https://lapor.rs.example.org")
    if parts.username is not None or parts.password is not None:
        raise ValueError("it holds a name or a password, and everybody would read them")
    if parts.query or parts.fragment or value.rstrip().endswith(("?", "#")):
        raise ValueError("it ends before ? and #: paths are put behind it")
    return value.strip()


def _listening_host(value: str) -> str:
    if not _is_host(value.strip("[]")):
        raise ValueError("it is an address of this machine, such as 127.0.0.1, 0.0.0.0 or ::")
    return value.strip("[]")


def _peer(value: str) -> str:
    if plain(value) is None:
        raise ValueError(f"{value!r} is no IP address, such as 10.0.0.1")
    return value


def _host_name(value: str) -> str:
    if not _is_host(value):
        raise ValueError(f"{value!r} is no name of a host, such as rs.example.org")
    return value


def _mailbox(value: str) -> str:
    if email_address.read(value) is None:
        raise ValueError(f"{value!r} is no mail address, such as lapor@rs.example.org")
    return value


def _place(value: str) -> str:
    host, port = place(value)
    if not _is_host(host):
        raise ValueError(f"{value!r} is not address:port")
    if port > _LAST_PORT:
        raise ValueError(f"{value!r} has a port above {_LAST_PORT}")
    return value


def _region(value: str) -> str:
    if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{value!r} is no country of two letters, such as ID")
    return value.upper()


def _broker(value: str) -> str:
    parts = _parts(value)
    if parts.scheme not in ("redis", "rediss", "amqp", "amqps") or not _is_host(parts.hostname):
        raise ValueError("it is redis://host:port or amqp://host:port")
    return value


def _store(value: str) -> str:
    if "://" in value:
        parts = _parts(value)
        if parts.scheme != "s3" or not parts.hostname:
            raise ValueError("it is a folder, or s3://bucket/prefix")
    return value


def place(text: str) -> tuple[str, int]:
    """Read `address:port` or `[address]:port`; ValueError names what is wrong."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or not host:
        raise ValueError(f"{text!r} is not address:port")
    return host.strip("[]"), int(port)


def _is_host(host: str | None) -> bool:
    return bool(host) and (plain(host) is not None or _HOST_NAME.fullmatch(host or "") is not None)


def _parts(value: str) -> SplitResult:
    """Take an address apart. Raises ValueError, for a port that is none as well."""
    if value != value.strip() or not value.isprintable() or " " in value:
        raise ValueError("it holds blanks")
    parts = urlsplit(value)
    _ = parts.port
    return parts


WebAddress = Annotated[str, AfterValidator(_web_address)]
ListeningHost = Annotated[str, AfterValidator(_listening_host)]
Peer = Annotated[str, AfterValidator(_peer)]
HostName = Annotated[str, AfterValidator(_host_name)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Place = Annotated[str, AfterValidator(_place)]
Region = Annotated[str, AfterValidator(_region)]
Broker = Annotated[str, AfterValidator(_broker)]
Store = Annotated[str, AfterValidator(_store)]
