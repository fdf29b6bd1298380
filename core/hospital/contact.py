"""The kinds of address that somebody can type; a channel says which of them it takes."""

from typing import Final, Literal

from core.ground import email_address

Contact = Literal["email", "phone"]

EMAIL: Final = "email"
PHONE: Final = "phone"
"""A telephone number, kept in its E.164 form."""
CONTACTS: Final[tuple[Contact, ...]] = (EMAIL, PHONE)


def compared(takes: Contact | None, address: str) -> str:
    """Return the form in which a channel's addresses are equal if they are one.

    Mail addresses are compared as mailboxes, whatever their case; of any other every letter counts.
    """
    return email_address.mailbox(address) if takes == EMAIL else address
