"""Files that came with words which could not be said yet: they stay with the form.

What was sent is stored already; a signed handle in the page brings it along the next time. It
works for the same report and the same member of staff alone.
"""

from dataclasses import dataclass, replace

from aiohttp import web

from intake.console.context import Console
from intake.console.signed_in import present_of
from intake.uploads.handles import Handles
from intake.uploads.receive import Received


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A file as the form lists it, with the handle that keeps it."""

    name: str
    size_bytes: int
    handle: str


def with_kept(request: web.Request, console: Console, form: Received) -> Received:
    """Return a form with the files kept from an earlier showing of it, each content once."""
    handles, place, now = Handles(secret=console.runtime.secret), _place(request), console.now()
    kept, lapsed = handles.opened(form.texts("keep")[: console.uploads.files], place, now)
    files = {file.key: file for file in (*kept, *form.files)}
    return replace(
        form,
        files=tuple(files.values())[: console.uploads.files],
        problems=(*form.problems, *lapsed),
    )


def staged(request: web.Request, console: Console, form: Received) -> tuple[StagedFile, ...]:
    """Make the handles that let a form keep its files when it is shown again."""
    handles, place, now = Handles(secret=console.runtime.secret), _place(request), console.now()
    return tuple(
        StagedFile(name=file.safe_name, size_bytes=file.size, handle=handles.sign(file, place, now))
        for file in form.files
    )


def _place(request: web.Request) -> str:
    return f"{request.match_info['number']}:{present_of(request).reader.user_id}"
