"""What tells who somebody is who reported without a name: kept, compared, and read by us alone.

Their addresses are kept hidden (`hidden.py`), so that a person who reads tables or dumps reads
nothing. News finds its way all the same: equal addresses are hidden equally, a look-up asks for
both spellings, and only what sends a notice asks for the plain one. docs/adr/0027 tells what this
hides from whom. Pure.
"""

import json
from collections.abc import Mapping
from typing import Final

from core.ground.hidden import hidden_forms, hide, hide_bytes, is_hidden, reveal, reveal_bytes
from core.ground.seals import CONCEALED
from core.ground.secret import Secret

NOBODY: Final = ""
"""What a reader sees of a contact that is none of theirs: nothing but that there is a way back."""


def address_kept(secret: Secret, address: str, *, conceals: bool) -> str:
    """Return an address as a ticket keeps it; one that is hidden already comes back as it is."""
    if not conceals or is_hidden(address):
        return address
    return hide(secret, CONCEALED, _compared(address))


def address_plain(secret: Secret, kept: str) -> str:
    """Return the address that something is sent to. Raises ValueError under another secret."""
    return reveal(secret, CONCEALED, kept)


def address_seen(kept: str, *, conceals: bool = False) -> str:
    """Return what staff and operators see of an address that a ticket keeps."""
    return NOBODY if conceals or is_hidden(kept) else kept


def spellings(secret: Secret, address: str) -> list[str]:
    """Return every form in which an address may be kept, for a look-up by it."""
    return [address, *hidden_forms(secret, CONCEALED, _compared(address))]


def word_kept(secret: Secret, word: str) -> str:
    """Return somebody's own name for a thing (a Message-ID) as it is kept, to the letter."""
    return word if is_hidden(word) else hide(secret, CONCEALED, word)


def word_plain(secret: Secret, kept: str) -> str:
    """Return what `word_kept` hid. Raises ValueError under another secret."""
    return reveal(secret, CONCEALED, kept)


def word_spellings(secret: Secret, word: str) -> list[str]:
    """Return every form in which such a name may be kept."""
    return [word, *hidden_forms(secret, CONCEALED, word)]


def digest_kept(secret: Secret, digest: bytes) -> bytes:
    """Return a digest over what somebody said and where they are told, so that nobody can try.

    Without a key whoever reads tables could ask of each number or address whether it was theirs.
    """
    return hide_bytes(secret, CONCEALED, digest)


def digest_plain(secret: Secret, kept: bytes) -> bytes | None:
    """Return what `digest_kept` hid, or what an older version kept; None under another secret."""
    try:
        return kept and (reveal_bytes(secret, CONCEALED, kept) or kept)
    except ValueError:
        return None


def message_kept(secret: Secret, envelope: Mapping[str, object], content: bytes) -> bytes:
    """Return a raw message with its envelope as bytes that only the secret opens."""
    head = json.dumps(dict(envelope)).encode()
    return hide_bytes(secret, CONCEALED, len(head).to_bytes(4, "big") + head + content)


def message_plain(secret: Secret, kept: bytes) -> tuple[dict[str, object], bytes] | None:
    """Return what `message_kept` hid; None for bytes as they came. Raises ValueError."""
    opened = reveal_bytes(secret, CONCEALED, kept)
    if opened is None:
        return None
    start = 4 + int.from_bytes(opened[:4], "big")
    return dict(json.loads(opened[4:start])), opened[start:]


def _compared(address: str) -> str:
    """Return one spelling of a mail address: what is hidden cannot be compared without case."""
    return address.strip().lower() if "@" in address else address
