"""Files between the form and the core: new ones, and those kept from an earlier showing."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from core.tickets.submission import StoredFile
from intake.language import marked as _
from intake.language import translate
from intake.uploads.arrival import ReceivedFile
from intake.uploads.handles import Handles
from intake.uploads.limits import Limits
from intake.uploads.reasons import Reason
from intake.uploads.receive import Received

LOCKED: Final = _("will be sent, but staff cannot open it")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A file as the form shows it again: its name, and the handle that brings it back."""

    name: str
    size_bytes: int
    handle: str
    remark: str | None


def gathered(
    received: Received, handles: Handles, form: str, now: datetime, limits: Limits
) -> tuple[ReceivedFile, ...]:
    """Put together what was kept from before and what came now, each content once."""
    kept = (handles.open(handle, form, now) for handle in received.texts("keep")[: limits.files])
    files = {file.key: file for file in (*filter(None, kept), *received.files)}
    return tuple(files.values())[: limits.files]


def shown_again(
    files: tuple[ReceivedFile, ...], handles: Handles, form: str, now: datetime, language: str
) -> tuple[ShownFile, ...]:
    """Make the handles that let a form keep its files."""
    return tuple(
        ShownFile(
            name=file.safe_name,
            size_bytes=file.size,
            handle=handles.sign(file, form, now),
            remark=None if file.verdict.accepted else translate(language, LOCKED),
        )
        for file in files
    )


def stored(files: tuple[ReceivedFile, ...]) -> tuple[StoredFile, ...]:
    """Hand files to the core; one that was judged dangerous goes along, locked, with its reason."""
    return tuple(
        StoredFile(
            name=file.safe_name,
            path=file.key,
            size=file.size,
            mime_type=file.detected_type,
            status="stored" if file.verdict.accepted else "quarantined",
            reason=file.verdict.reason.value if file.verdict.reason else None,
            display_path=file.display_key,
        )
        for file in files
    )


def fingerprint(words: str, files: tuple[StoredFile, ...]) -> str:
    """Tell one content from another: a form sent again with other words must not be a repeat."""
    content = "\0".join((words, *(file.path for file in files)))
    return sha256(content.encode(errors="replace")).hexdigest()[:16]


def problems_of(received: Received, language: str) -> dict[str, str]:
    """Say by field what was not taken as it came, and what can be done about files."""
    said: dict[str, list[str]] = {}
    for problem in received.problems:
        said.setdefault(problem.field, []).append(problem.say(language))
    ours = any(problem.temporary for problem in received.problems)
    if "files" in said and not ours:
        advice = _("Send a smaller one, or send the report without it.")
        said["files"].append(translate(language, advice))
    return {name: " ".join(said[name]) for name in ("story", "files") if name in said}


def status_for(received: Received) -> int:
    """Give the HTTP status that fits what was wrong with the files."""
    reasons = {problem.reason for problem in received.problems}
    if Reason.STORAGE_FAULT in reasons:
        return 503
    return 413 if reasons & {Reason.FILE_TOO_LARGE, Reason.REQUEST_TOO_LARGE} else 422
