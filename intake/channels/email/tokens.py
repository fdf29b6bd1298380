"""Signed names in mail: what comes back with one of ours was truly sent by us.

`reply+TOKEN@domain` carries a ticket, `bounce+TOKEN@domain` (the envelope's sender) a delivery,
and a Message-ID `<DELIVERY.SIGNATURE@domain>` stays the same however often it is sent.
A token is base 32 in lower case, since mailboxes may lose the case; 80 bits sign it.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from uuid import UUID

from core.ground.seals import (
    BOUNCE_ADDRESS,
    MESSAGE_ID,
    REPLY_ADDRESS,
    Purpose,
    is_signed,
    sign,
)
from core.ground.secret import Secret

REPLY, BOUNCE = "reply", "bounce"
_PURPOSES = {REPLY: REPLY_ADDRESS, BOUNCE: BOUNCE_ADDRESS}
_TOKEN = re.compile(r"[a-z2-7]{42}")  # 26 bytes: a UUID and its signature
_OWN_ADDRESS = re.compile(
    rf"(?<![\w.+-])(?:{REPLY}|{BOUNCE})\+[a-z2-7]{{42}}@[\w.-]{{1,253}}\w", re.IGNORECASE
)
_OWN_ID = re.compile(r"([0-9a-f]{32})\.([a-z2-7]{16})@([^@<>\s]{1,253})")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs with the first secret and believes all: put a new one in front to change it."""

    secrets: tuple[Secret, ...]
    domain: str

    def reply_address(self, ticket_id: UUID) -> str:
        """Return the address whose mail belongs to a ticket."""
        return self._address(REPLY, ticket_id)

    def bounce_address(self, delivery_id: UUID) -> str:
        """Return the envelope sender that tells which delivery came back (VERP)."""
        return self._address(BOUNCE, delivery_id)

    def message_id(self, delivery_id: UUID) -> str:
        """Return the Message-ID of a delivery, angle brackets included."""
        return self._message_id(self.secrets[0], delivery_id)

    def message_ids(self, delivery_id: UUID) -> tuple[str, ...]:
        """Return each Message-ID under which a delivery may have gone out: one of each key."""
        return tuple(self._message_id(one, delivery_id) for one in self.secrets[0].each)

    def ticket_of(self, address: str) -> UUID | None:
        """Return the ticket of a reply address, or None for any other text."""
        return self._read_address(REPLY, address)

    def bounced_delivery(self, address: str) -> UUID | None:
        """Return the delivery of a bounce address, or None for any other text."""
        return self._read_address(BOUNCE, address)

    def delivery_of(self, message_id: str) -> UUID | None:
        """Return the delivery of a Message-ID of ours, with or without brackets."""
        found = _OWN_ID.fullmatch(message_id.strip().strip("<>").lower())
        if found is None or found[3] != self.domain.lower():
            return None
        delivery_id = UUID(hex=found[1])
        return delivery_id if self._is_signed(MESSAGE_ID, delivery_id, _bytes(found[2])) else None

    def deliveries_in(self, text: str) -> tuple[UUID, ...]:
        """Return the deliveries that a text names, by Message-ID or bounce address, each once."""
        found = (
            *(self.delivery_of(one[0]) for one in _OWN_ID.finditer(text)),
            *(self.bounced_delivery(one[0]) for one in _OWN_ADDRESS.finditer(text)),
        )
        return tuple(dict.fromkeys(filter(None, found)))

    def tickets_in(self, text: str) -> tuple[UUID, ...]:
        """Return the tickets whose reply addresses stand in a text, each once."""
        found = (self.ticket_of(one[0]) for one in _OWN_ADDRESS.finditer(text))
        return tuple(dict.fromkeys(filter(None, found)))

    def _message_id(self, secret: Secret, delivery_id: UUID) -> str:
        signature = _letters(sign(secret, MESSAGE_ID, delivery_id.bytes))
        return f"<{delivery_id.hex}.{signature}@{self.domain}>"

    def _address(self, kind: str, subject: UUID) -> str:
        token = _letters(subject.bytes + sign(self.secrets[0], _PURPOSES[kind], subject.bytes))
        return f"{kind}+{token}@{self.domain}"

    def _read_address(self, kind: str, address: str) -> UUID | None:
        local, _, domain = address.strip().strip("<>").lower().rpartition("@")
        prefix, _, token = local.partition("+")
        if prefix != kind or domain != self.domain.lower() or not _TOKEN.fullmatch(token):
            return None
        raw = _bytes(token)
        subject = UUID(bytes=raw[:16])
        is_ours = self._is_signed(_PURPOSES[kind], subject, raw[16:]) and _letters(raw) == token
        return subject if is_ours else None

    def _is_signed(self, purpose: Purpose, subject: UUID, signature: bytes) -> bool:
        return any(is_signed(secret, purpose, subject.bytes, signature) for secret in self.secrets)


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _bytes(letters: str) -> bytes:
    try:
        return base64.b32decode(letters.upper() + "=" * (-len(letters) % 8))
    except binascii.Error:
        return b""
