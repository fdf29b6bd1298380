"""The kinds of address that somebody can type; a channel says which of them it takes."""

from typing import Final, Literal

Contact = Literal["email", "phone"]

EMAIL: Final = "email"
PHONE: Final = "phone"
"""A telephone number, kept in its E.164 form."""
CONTACTS: Final[tuple[Contact, ...]] = (EMAIL, PHONE)
