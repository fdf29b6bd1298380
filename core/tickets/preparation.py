"""Makes a report, and whatever is added to one, fit to be stored. Pure.

Nothing here raises, whatever came in, and the person's words are never dropped. Everything else is
shortened, replaced or left out where it does not fit; staff read of it in a remark on the ticket.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from core.ground import phone_number, storable
from core.ground.ip_address import plain
from core.ground.text import clean, clean_line, first_words, shorten
from core.hospital.contact import PHONE, compared
from core.hospital.directory import Directory
from core.hospital.reporting import REPORTING
from core.tickets.submission import (
    FILE_STATUSES,
    FOR_WHOM,
    KINDS,
    LANGUAGES,
    LIMITS,
    Address,
    StoredFile,
    Submission,
    Submitter,
)

MOST_ADDRESSES: Final = 20
"""Addresses of one ticket; nobody is told in more ways."""
LOST: Final = "not_fetched"
"""Why a file is not here whose handle nobody can use: a reason of `intake/uploads/reasons.py`."""
_LARGEST_FILE: Final = 2**63 - 1
_SHOWN: Final = 60


def prepare(submission: Submission, directory: Directory, region: str = "ID") -> Submission:
    """Return the submission fit to be stored: cleaned, shortened, anonymised, with a title.

    An anonymous report keeps no name, contact, network address or browser; of everybody else the
    telephone, read as one of the region's, is the last address, if a channel calls it.
    """
    fit = Fitting(directory, [clean(remark) for remark in submission.remarks])
    words = clean(submission.words).strip()
    hidden = submission.anonymous
    submitter = Submitter() if hidden else fit.submitter(submission.submitter)
    unnamed = hidden or submitter.is_unknown
    return replace(
        submission,
        channel=fit.channel(submission.channel),
        kind=fit.choice(submission.kind, KINDS, "kind") or "complaint",
        language=fit.choice(submission.language, LANGUAGES, "language") or "id",
        for_whom=fit.choice(submission.for_whom, FOR_WHOM, "for_whom"),
        received_at=fit.moment(submission.received_at, "received_at"),
        occurred_at=fit.moment(submission.occurred_at, "occurred_at"),
        words=words,
        html=clean(submission.html or "") or None,
        title=fit.line(submission.title, "title") or first_words(words),
        submitter=submitter,
        addresses=fit.addresses(
            submission.addresses,
            own_number=_number(submitter, region) if submission.call_back else None,
        ),
        reporting=fit.choice(submission.reporting, REPORTING, "reporting"),
        anonymous=unnamed,
        files=fit.files(submission.files),
        ip_address=None if unnamed else plain(submission.ip_address),
        user_agent=None if unnamed else fit.line(submission.user_agent, "user_agent"),
        urgency=fit.urgency(submission.urgency),
        remarks=tuple(fit.remarks),  # last: it says what became of the others
    )


def content_hash(prepared: Submission) -> bytes:
    """Return a hash of everything the person said, to tell a repeat from a change."""
    who, places = prepared.submitter, prepared.addresses
    said = (
        prepared.kind,
        prepared.words,
        *(name for file in prepared.files for name in sorted(file.names)),
        *(str(where) for where in (prepared.qr_token, prepared.unit_code, prepared.unit_id)),
        *(str(fact) for fact in (prepared.category, who.name, who.email, who.phone, who.address)),
        *(f"{place.channel}:{place.address}" for place in places),
        str(prepared.anonymous),
    )
    return hashlib.sha256("\0".join(said).encode(errors="replace")).digest()


def noted(remarks: tuple[str, ...], facts: Mapping[str, object]) -> dict[str, object]:
    """Return what a message keeps beside its words: the facts, and under "remarks" the remarks."""
    kept = storable.mapping(facts)
    said = [*remarks, f"remarks: {kept.pop('remarks')}"] if "remarks" in kept else list(remarks)
    return kept | ({"remarks": said} if said else {})


@dataclass(frozen=True, slots=True)
class Fitting:
    """Makes one field after the other fit; `remarks` says what became of those that were not."""

    directory: Directory
    remarks: list[str] = field(default_factory=list)

    def line(self, value: str | None, what: str) -> str | None:
        """Return a field of one line, no longer than its limit; None where nothing is in it."""
        text = clean_line(value or "")
        if len(text) > LIMITS[what]:
            self._remark(what, str(len(text)), str(LIMITS[what]))
        return shorten(text, LIMITS[what]) or None

    def choice(self, value: str | None, words: tuple[str, ...], what: str) -> str | None:
        """Return a value if it is one of these words."""
        if value is None or value in words:
            return value
        self._remark(what, value)
        return None

    def moment(self, at: datetime | None, what: str) -> datetime | None:
        """Return a moment that can be stored and shown."""
        kept = storable.moment(at) if at is not None else None
        if at is not None and kept is None:
            self._remark(what, at.isoformat())
        return kept

    def urgency(self, value: int) -> int:
        """Return an urgency from 1 to 5."""
        kept = min(max(value, 1), 5)
        if kept != value:
            self._remark("urgency", "…", str(kept))
        return kept

    def channel(self, name: str) -> str:
        """Return the name of a channel there is; what came through no such one keeps a remark."""
        if name in self.directory.channels:
            return name
        known = self.directory.stand_in
        self._remark("channel", name, known or "–")
        return known or storable.name(name)

    def submitter(self, submitter: Submitter) -> Submitter:
        """Return who reports."""
        return Submitter(
            name=self.line(submitter.name, "name"),
            email=self.line(submitter.email, "email"),
            phone=self.line(submitter.phone, "phone"),
            address=self.line(submitter.address, "address"),
        )

    def addresses(
        self, given: tuple[Address, ...], *, own_number: str | None = None
    ) -> tuple[Address, ...]:
        """Return the addresses in the order in which they are tried: each once, spoken ones last.

        One that cannot be kept as it is would be another's, so it is left out. The person's own
        number is added if a channel calls it and no number was named for that.
        """
        usable = [address for address in given if self._is_usable(address)]
        calling = self.directory.taking(PHONE)
        if own_number and calling and all(address.channel != calling for address in usable):
            usable.insert(0, Address(channel=calling, address=own_number))
        kept = self._each_once(usable)
        if len(kept) > MOST_ADDRESSES:
            self._remark("addresses", str(len(kept)), str(MOST_ADDRESSES))
        return tuple(
            sorted(kept[:MOST_ADDRESSES], key=lambda one: one.channel in self.directory.spoken)
        )

    def files(self, given: tuple[StoredFile, ...]) -> tuple[StoredFile, ...]:
        """Return the files, each with what is known of it."""
        return tuple(map(self._file, given))

    def _is_usable(self, address: Address) -> bool:
        known = address.channel in self.directory.channels
        if known and _is_whole(address.address, LIMITS["contact"]):
            return True
        self._remark(f"address ({_seen(address.channel)})", str(len(address.address)))
        return False

    def _each_once(self, addresses: list[Address]) -> list[Address]:
        kept: dict[tuple[str, str], Address] = {}
        for address in addresses:
            takes = self.directory.channels[address.channel].takes
            place = address.channel, compared(takes, address.address)
            if place not in kept:
                kept[place] = address
            elif address.confirmed:
                kept[place] = replace(kept[place], confirmed=True)
        return list(kept.values())

    def _file(self, file: StoredFile) -> StoredFile:
        name = self.line(file.name, "file_name") or "-"
        kept = replace(
            file,
            name=name,
            size=min(max(file.size, 0), _LARGEST_FILE),
            mime_type=self.line(file.mime_type, "mime_type") or "application/octet-stream",
            status=self.choice(file.status, FILE_STATUSES, "file") or "quarantined",
            reason=self.line(file.reason, "reason"),
            display_path=file.display_path if _is_handle(file.display_path) else None,
            content_id=self.line(file.content_id, "content_id"),
        )
        if _is_handle(file.path or "-") and _is_handle(file.remote_ref or "-"):
            return kept
        self._remark("file", name)
        return replace(kept, path="", remote_ref=None, status="failed", reason=LOST)

    def _remark(self, what: str, before: str, after: str = "–") -> None:
        self.remarks.append(f"{what}: {_seen(before)} → {after}")


def _number(submitter: Submitter, region: str) -> str | None:
    return phone_number.read(submitter.phone, region) if submitter.phone else None


def _is_handle(text: str | None) -> bool:
    """Whether storage or a channel can find something by it as it is stored."""
    return text is not None and _is_whole(text, storable.LONGEST_NAME)


def _is_whole(text: str, limit: int) -> bool:
    """Whether it is kept to the letter, as something that others have to find by it."""
    return 0 < len(text) <= limit and text.isprintable()


def _seen(text: str) -> str:
    return shorten(clean_line(text), _SHOWN)
