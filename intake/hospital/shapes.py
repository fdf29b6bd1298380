"""What stands in a hospital's file, field by field."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from core.ground import email_address
from core.review.trusting import read_source
from intake.qr.token import TOKEN_FLOOR, TOKEN_LIMIT, is_token, normalise_code

Zone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
Language = Literal["id", "en"]
TrustedKind = Literal["list", "form", "redirect", "portal"]
RoleCode = Literal["agent", "officer", "head", "supervisor", "administrator", "auditor"]

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}", re.ASCII)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError("a code has 1 to 32 capital letters, digits and dashes")
    return text


def _email(text: str) -> str:
    address = email_address.read(text)
    if address is None:
        raise ValueError(f"{text} is no e-mail address")
    return address


def _username(text: str) -> str:
    if not _USERNAME.fullmatch(text):
        raise ValueError("a user name has 2 to 32 small letters, digits, dots and dashes")
    return text


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        raise ValueError("a colour is written '#rrggbb', in quotes")
    return text


def _token(text: str) -> str:
    if not is_token(text):
        raise ValueError(f"a token has {TOKEN_FLOOR} to {TOKEN_LIMIT} of A-Z a-z 0-9 _ -")
    return text


def _typed(text: str) -> str:
    if normalise_code(text) is None:
        raise ValueError("a code to type has 3 to 20 letters and digits, and dashes between")
    return text.upper()


def _alias(text: str) -> str:
    alias = " ".join(text.lower().split())
    if not alias:
        raise ValueError("an alias has at least one letter")
    return alias


Code = Annotated[str, AfterValidator(_code)]
Email = Annotated[str, AfterValidator(_email)]
EmailOrNone = Annotated[str, AfterValidator(lambda text: _email(text) if text else "")]
Username = Annotated[str, AfterValidator(_username)]
Colour = Annotated[str, AfterValidator(_colour)]
Token = Annotated[str, AfterValidator(_token)]
TypedCode = Annotated[str, AfterValidator(_typed)]
Alias = Annotated[str, AfterValidator(_alias)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Hours = Annotated[int, Field(ge=1, le=24 * 365)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class HospitalShape(_Shape):
    """The hospital itself: names, zone, and the numbers people call."""

    name: Name
    short_name: Name
    zone: Zone = "Asia/Jakarta"
    languages: list[Language] = Field(default=["id", "en"], min_length=1)
    phone: str = ""
    email: EmailOrNone = ""
    address: str = ""
    emergency_phone: str = ""
    public_emergency_phone: str = "119"
    crisis_phone: str = ""
    accent: Colour = "#0f6b6b"
    logo: str | None = None
    """A picture, its path counted from the file's folder."""
    default_sla_hours: Hours = 72
    reopen_days: Annotated[int, Field(ge=0)] = 30
    retention_years: Annotated[int, Field(ge=1)] = 5


class UnitTypeShape(_Shape):
    """A kind of unit."""

    code: Code
    name: Name
    description: str = ""


class QrShape(_Shape):
    """A code on a wall. Without a token one is drawn at the first load."""

    code: TypedCode
    name: Name
    token: Token | None = None
    description: str = ""
    active: bool = True


class UnitShape(_Shape):
    """A unit, the names people give it, and the codes that hang in it."""

    code: Code
    name: Name
    type: Code | None = None
    parent: Code | None = None
    description: str = ""
    email: Email | None = None
    phone: str | None = None
    sla_hours: Hours | None = None
    triage_desk: bool = False
    active: bool = True
    aliases: list[Alias] = []
    qr_codes: list[QrShape] = []


class CategoryShape(_Shape):
    """What reports are about, and the unit that answers for it."""

    code: Code
    name: Name
    description: str = ""
    sla_hours: Hours | None = None
    unit: Code | None = None
    requires_attachment: bool = False
    active: bool = True


class StaffShape(_Shape):
    """A member of staff. A password counts at the first load only; without one nobody signs in."""

    username: Username
    name: Name
    email: Email
    roles: list[RoleCode] = Field(min_length=1)
    unit: Code | None = None
    phone: str | None = None
    language: Language = "id"
    password: str | None = None
    active: bool = True


class TrustedShape(_Shape):
    """A source of mail that is never set aside for being a machine's."""

    kind: TrustedKind
    address: str

    @model_validator(mode="after")
    def _is_an_address(self) -> Self:
        try:
            read_source(self.kind, self.address)
        except ValueError:
            raise ValueError(
                f"{self.address} is no e-mail address, @domain, nor a list's List-Id"
            ) from None
        return self


class HouseShape(_Shape):
    """The whole file."""

    hospital: HospitalShape
    unit_types: list[UnitTypeShape] = []
    units: list[UnitShape] = []
    categories: list[CategoryShape] = []
    staff: list[StaffShape] = []
    trusted: list[TrustedShape] = []
