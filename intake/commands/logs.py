"""What a process writes about itself: ids, counts and codes, never what people wrote or who."""

import json
import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Literal

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from intake.channel_folders import all_facts

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

QUIET = ("/livez", "/readyz", "/static/{name}", "/house.css")
"""Paths asked for so often that they are written only when they fail."""

TALKATIVE = ("alembic", "pika", "dramatiq", "asyncio", "PIL")
"""Libraries whose ordinary remarks hold addresses, tokens, what a picture says of who made it, or
noise; channels name their own."""


def begin(form: Literal["plain", "json"], level: int = logging.INFO) -> None:
    """Write the log to standard error, one line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Plain())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    of_channels = (name for facts in all_facts().values() for name in facts.quiet_loggers)
    for name in (*TALKATIVE, *of_channels):
        logging.getLogger(name).setLevel(logging.WARNING)


class AccessLog(AbstractAccessLogger):
    """One line a request: the path's pattern, since the path itself may hold a secret."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write method, pattern, status and milliseconds."""
        pattern = pattern_of(request)
        level = logging.DEBUG if pattern in QUIET and response.status < 400 else logging.INFO
        self.logger.log(
            level, "%s %s %d %.0f ms", request.method, pattern, response.status, time * 1000
        )


def pattern_of(request: web.BaseRequest) -> str:
    """Return the pattern of a request's path, such as /t/{code}."""
    match = getattr(request, "_match_info", None)  # none where no page was asked
    resource = match.route.resource if match is not None else None
    return resource.canonical if resource else "(none)"


class _Plain(logging.Formatter):
    """Time, level where it matters, and the sentence."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname).1s %(message)s", "%H:%M:%S")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's name
        """Name the error and its lines; its message may hold what somebody wrote."""
        return trace(ei)


class _Json(logging.Formatter):
    """One object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = trace(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def trace(info: ExcInfo) -> str:
    """Write an error as its kind and the lines it came through, innermost last."""
    kind, error, frames = info
    if kind is None or error is None:
        return ""
    places = " > ".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(frames)
    )
    return f"{kind.__name__} at {places}"
