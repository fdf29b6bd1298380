"""Telephone numbers as people type them, and as they are kept: E.164. Pure."""

from typing import Final

import phonenumbers

_LONGEST: Final = 40


def read(typed: str, region: str = "ID") -> str | None:
    """Return the number in E.164 form (`+6281200000000`), or None if it is none.

    `region` (ISO 3166-1) says which country a number without a country code belongs to.
    """
    number = _parsed(typed, region)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(number: str, region: str = "ID") -> str:
    """Write a number the way people of the region dial it; what is no number stays as it is."""
    parsed = _parsed(number, region)
    if parsed is None:
        return number
    ours = phonenumbers.country_code_for_region(region) == parsed.country_code
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if ours else form.INTERNATIONAL)


def _parsed(typed: str, region: str) -> phonenumbers.PhoneNumber | None:
    if len(typed) > _LONGEST:
        return None
    try:
        return phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
