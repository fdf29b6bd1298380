"""The mailboxes at which reports come in, as far as the hospital's own rows say. Pure.

Nobody is told at one of them: the notice would come straight back, and no person would read it.
What further mailboxes an installation takes mail at, its mail channel knows.
"""

from collections.abc import Collection
from typing import Final

ALWAYS: Final = frozenset({"postmaster", "abuse", "reply", "bounce"})
"""Taken in every domain of ours: RFC 5321 §4.5.1, RFC 2142, and our signed addresses."""


def takes_reports(address: str, *, public: str, aliases: Collection[str]) -> bool:
    """Say whether an address is a unit's alias or the hospital's own; each in small letters.

    `public` is the hospital's address, in whose domain a local part that is an alias is a mailbox,
    whatever stands behind a `+`.
    """
    local, _, domain = address.partition("@")
    plain = local.partition("+")[0]
    if address in aliases or f"{plain}@{domain}" == public:
        return True
    return domain == public.rpartition("@")[2] and (plain in aliases or plain in ALWAYS)
