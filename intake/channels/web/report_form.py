"""The form as a value: read from fields and files, checked, made a Submission. Pure.

The box at the end of a ticket's page is the same form with fewer fields.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Self

from core.ground import email_address
from core.ground.seals import FORM_MARK, sign
from core.ground.secret import Secret
from core.ground.text import is_readable
from core.hospital.contact import EMAIL
from core.hospital.directory import Directory, UnitEntry
from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, Again, StoredFile, Submission, Submitter
from core.triage.emergency import Screening, screen
from intake.language import marked as _
from intake.language import translate
from intake.pages.kinds import KIND_CODES
from intake.uploads.arrival import ReceivedFile
from intake.uploads.handles import Handles
from intake.uploads.limits import Limits
from intake.uploads.reasons import Reason
from intake.uploads.receive import Received

CHANNEL: Final = "web"

LOCKED: Final = _("will be sent, but staff cannot open it")

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_PHONE: Final = re.compile(r"[+(]?[0-9(][0-9 ().\-/]{4,30}")
_USUAL, _NOW = 3, 5  # urgency: how soon help is useful


def fresh_key() -> str:
    """Make the key under which a form, however often it is sent, is one report."""
    return secrets.token_urlsafe(18)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What somebody has typed so far; texts are clean but nothing in them is believed."""

    key: str
    kind: str = "complaint"
    story: str = ""
    unit: str = ""
    qr: str = ""
    identity: str = "anonymous"
    name: str = ""
    email: str = ""
    phone: str = ""

    @classmethod
    def blank(cls, *, kind: str | None = None, qr: str = "") -> Self:
        """Start a form; an unknown kind is a complaint."""
        form = cls(key=fresh_key(), qr=qr)
        return replace(form, kind=kind) if kind in KIND_CODES else form

    @classmethod
    def read(cls, received: Received) -> Self:
        """Read a form that was sent; what is not a choice of ours becomes the default."""
        kind, key = received.text("type"), received.text("key")
        return cls(
            key=key if _KEY.fullmatch(key) else fresh_key(),
            kind=kind if kind in KIND_CODES else "complaint",
            story=received.text("story").strip(),
            unit=received.text("unit").strip(),
            qr=received.text("qr").strip(),
            identity="named" if received.text("identity") == "named" else "anonymous",
            name=received.text("name").strip(),
            email=received.text("email").strip(),
            phone=received.text("phone").strip(),
        )

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Give the form's fields as a browser sends them."""
        named = {"type": self.kind, "qr": self.qr, "identity": self.identity, "key": self.key}
        typed = {"story": self.story, "unit": self.unit, "name": self.name}
        return tuple((named | typed | {"email": self.email, "phone": self.phone}).items())

    def marks(self, secret: Secret) -> tuple[str, ...]:
        """Return the same marks for forms of equal unit, kind, contact and words, and no others.

        They are keyed: whoever finds one on a phone cannot try words against it. One of each key,
        the current one's first.
        """
        who = ("", "") if self.anonymous else (self.name, self.phone)
        said = (self.unit or self.qr, self.kind, *who, self.mailbox or self.email, self.story)
        content = "\0".join(said).encode(errors="replace")
        return tuple(sign(one, FORM_MARK, content).hex() for one in secret.each)

    @property
    def anonymous(self) -> bool:
        """Whether the person stays unknown; name and telephone are not looked at then."""
        return self.identity != "named"

    @property
    def mailbox(self) -> str | None:
        """The e-mail address, if what was typed is one."""
        return email_address.read(self.email)

    @property
    def danger(self) -> Screening:
        """Whether the story says that somebody may be in danger right now."""
        return screen(self.story)

    def problems(self, *, with_files: bool) -> Mapping[str, str]:
        """Say what must be mended, as message ids by field, in the order of the page."""
        found = {}
        if not is_readable(self.story) and not with_files:
            found["story"] = _("Please write what happened; a few words are enough.")
        if self.email and self.mailbox is None:
            found["email"] = _("This e-mail address is not complete. Like this: name@example.org")
        if self.phone and not self.anonymous and not _PHONE.fullmatch(self.phone):
            found["phone"] = _("This telephone number has letters in it or is too short.")
        return found

    def chosen_unit(self, directory: Directory) -> UnitEntry | None:
        """Give the unit the person chose, if it is one they may choose."""
        return next((u for u in directory.public_units if str(u.id) == self.unit), None)

    def addresses(self, directory: Directory) -> tuple[Address, ...]:
        """Say where news can go: to the e-mail address, where this installation sends mail."""
        channel = directory.taking(EMAIL)
        if self.mailbox is None or channel is None or channel not in directory.sending:
            return ()
        return (Address(channel=channel, address=self.mailbox),)

    def submission(
        self,
        directory: Directory,
        files: tuple[StoredFile, ...],
        *,
        language: str,
        ip_address: str | None,
        user_agent: str | None,
    ) -> Submission:
        """Make the report. Another unit chosen on a poster's form counts more than the poster."""
        unit = self.chosen_unit(directory)
        danger = self.danger
        known = Submitter(name=self.name, email=self.mailbox, phone=self.phone)
        return Submission(
            channel=CHANNEL,
            key=self.key,
            words=self.story,
            kind=self.kind,
            language=language,
            qr_token=None if unit else self.qr or None,
            unit_id=unit.id if unit else None,
            submitter=Submitter() if self.anonymous else known,
            anonymous=self.anonymous,
            addresses=self.addresses(directory),
            files=files,
            urgency=_NOW if danger.alarm else _USUAL,
            remarks=(f"⚠ {', '.join(danger.words)}",) if danger.alarm else (),
            ip_address=ip_address,
            user_agent=user_agent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A file as the form shows it again: its name, and the handle that brings it back."""

    name: str
    size_bytes: int
    handle: str
    remark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A form with the files that came along, and what must be mended, in the reader's language."""

    form: ReportForm
    files: tuple[ReceivedFile, ...] = ()
    lost: tuple[StoredFile, ...] = ()
    """What came along and could not be kept; the report is taken without it."""
    unkept: Mapping[str, str] = field(default_factory=dict)
    """What is said of it beside its field, should the form be shown again."""
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    """The HTTP status of the page that shows the errors."""

    @classmethod
    def read(
        cls, received: Received, handles: Handles, limits: Limits, now: datetime, language: str
    ) -> Self:
        """Read what was sent, with the files kept from an earlier showing of the same form."""
        form = ReportForm.read(received)
        kept, lapsed = handles.opened(received.texts("keep")[: limits.files], form.key, now)
        received = replace(received, problems=(*received.problems, *lapsed))
        files = _gathered(kept, received.files, limits)
        found = form.problems(with_files=bool(files))
        errors = {name: translate(language, message) for name, message in found.items()}
        if errors or not all(problem.temporary for problem in received.problems):
            errors |= _problems_of(received, language)
        return cls(
            form=form,
            files=files,
            lost=received.lost,
            unkept=_problems_of(received, language) if received.lost else {},
            errors=errors,
            status=_status_of(received),
        )

    @property
    def taken(self) -> tuple[StoredFile, ...]:
        """The files as the ticket lists them, those that were lost with their reason."""
        return (*(file.stored for file in self.files), *self.lost)

    @property
    def says_something(self) -> bool:
        """Whether there is a word to be read in it, or a file with it."""
        return is_readable(self.form.story) or bool(self.taken)

    def shown_files(self, handles: Handles, now: datetime, language: str) -> tuple[ShownFile, ...]:
        """Make the handles that let the form keep its files when it is shown again."""
        return tuple(
            ShownFile(
                name=file.safe_name,
                size_bytes=file.size,
                handle=handles.sign(file, self.form.key, now),
                remark=None if file.verdict.accepted else translate(language, LOCKED),
            )
            for file in self.files
        )

    def follow_up(self) -> FollowUp:
        """Make what is added to a ticket; sent again, what is new in it is added."""
        return FollowUp(
            channel=CHANNEL,
            key=self.form.key,
            words=self.form.story,
            files=self.taken,
            again=Again.MERGE,
        )


def _gathered(
    kept: tuple[ReceivedFile, ...], came: tuple[ReceivedFile, ...], limits: Limits
) -> tuple[ReceivedFile, ...]:
    """Put together what was kept from before and what came now, each content once."""
    files = {file.key: file for file in (*kept, *came)}
    return tuple(files.values())[: limits.files]


def _problems_of(received: Received, language: str) -> dict[str, str]:
    """Say by field what was not taken as it came, and what can be done about files."""
    said: dict[str, list[str]] = {}
    for problem in received.problems:
        said.setdefault(problem.field, []).append(problem.say(language))
    ours = any(problem.temporary for problem in received.problems)
    lapsed = any(problem.reason is Reason.KEPT_NO_LONGER for problem in received.problems)
    if "files" in said and not ours and not lapsed:
        advice = _("Send a smaller one, or send the report without it.")
        said["files"].append(translate(language, advice))
    return {name: " ".join(said[name]) for name in ("story", "files") if name in said}


def _status_of(received: Received) -> int:
    """Give the HTTP status that fits what was wrong with the files."""
    reasons = {problem.reason for problem in received.problems}
    if Reason.STORAGE_FAULT in reasons:
        return 503
    return 413 if reasons & {Reason.FILE_TOO_LARGE, Reason.REQUEST_TOO_LARGE} else 422
