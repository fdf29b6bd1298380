"""A JSON body from outside as plain values, without JSON's traps."""

import json
import math
from typing import Any, NoReturn

from aiohttp import web

from core.ground.text import clean
from intake.uploads.limits import Limits
from intake.uploads.receive import read_body
from intake.uploads.refusals import Malformed, Unsupported

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


async def receive_json(request: web.Request, limits: Limits) -> Json:
    """Read the body as JSON (RFC 8259), UTF-8, every text cleaned.

    Raises Unsupported for another content type, TooMuch beyond `body_bytes`, Malformed for
    anything ambiguous: duplicate keys, NaN, numbers beyond a double, nesting beyond `json_depth`.
    """
    if request.content_type != "application/json" and not request.content_type.endswith("+json"):
        raise Unsupported
    return parse_json(await read_body(request, limits), limits.json_depth)


def parse_json(body: bytes, depth: int) -> Json:
    """Parse strictly; Malformed is the only exception."""
    try:
        value: Any = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    return _cleaned(value, depth)


def _cleaned(value: Any, depth: int) -> Json:  # noqa: ANN401 - what json.loads returns
    if depth < 0:
        raise Malformed
    match value:
        case str():
            return clean(value)
        case list():
            return [_cleaned(item, depth - 1) for item in value]
        case dict():
            return _unique([(clean(key), _cleaned(item, depth - 1)) for key, item in value.items()])
    plain: int | float | bool | None = value
    return plain


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed
    return found


def _refuse(_: str) -> NoReturn:
    raise Malformed


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Malformed
    return number
