"""Phone numbers as people in Indonesia type them."""

import phonenumbers

_LONGEST = 40


def read(typed: str) -> str | None:
    """Return the number in E.164 form (`+6281200000000`), or None if it is none."""
    if len(typed) > _LONGEST:
        return None
    try:
        number = phonenumbers.parse(typed, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def looks_like_one(typed: str) -> bool:
    """Tell whether somebody tried to type a number: digits and number signs, no words."""
    return any(mark.isdigit() for mark in typed) and not any(mark.isalpha() for mark in typed)
