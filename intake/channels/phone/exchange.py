"""Hears the telephone exchange: who rings right now, so that agents need not type the number.

`POST /api/v1/calls` with `{"id": "…", "from": "0812…"}`, signed as in `signing.py`.
"""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from core.calls.ringing import Switchboard
from core.ground.database import DatabaseAwayError
from core.ground.network_buckets import NetworkBuckets
from core.ground.phone_number import read
from core.ground.rate_limits import CALLS_ANNOUNCED, WRONG_SIGNATURES
from core.ground.text import clean_line, shorten
from core.runtime import Runtime
from intake.channels.phone.settings import PhoneSettings
from intake.channels.phone.signing import SIGNATURE, TIMESTAMP, is_signed
from intake.pages.caller import caller
from intake.uploads.json_body import parse_json
from intake.uploads.limits import CALL_LIMITS
from intake.uploads.receive import read_body
from intake.uploads.refusals import Refused

PATH: Final = "/api/v1/calls"
_LONGEST_ID: Final = 200
_RETRY_SECONDS: Final = "5"


@dataclass(frozen=True, slots=True)
class Exchange:
    """The exchange's door. Without a secret it does not exist."""

    runtime: Runtime
    settings: PhoneSettings
    announced: NetworkBuckets = field(default_factory=lambda: NetworkBuckets(CALLS_ANNOUNCED))
    wrong: NetworkBuckets = field(default_factory=lambda: NetworkBuckets(WRONG_SIGNATURES))

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        if self.settings.calls_secret is None:
            return ()
        return (web.post(PATH, self.hear),)

    async def hear(self, request: web.Request) -> web.Response:
        """Let a call ring at the agents' desks. Told twice it rings once."""
        try:
            body = await read_body(request, CALL_LIMITS)
            if not self._is_signed(request, body):
                status = 429 if self._is_one_too_many(request) else 401
                return _told("The signature is wrong, or its time is too far from ours.", status)
            call_id, number = self._read(body)
        except Refused as error:
            return _told(error.sentence, error.status)
        if not call_id or number is None:
            return _told("Send an object with id and from, a telephone number.", 422)
        if not self.announced.spend(None, self.runtime.clock().timestamp()):
            self.runtime.refusals.note(CALLS_ANNOUNCED)
            return _told("Too many calls at once. Please send it again in a moment.", 429)
        try:
            await Switchboard(self.runtime).ring(call_id, number)
        except DatabaseAwayError:
            return _told("Please send it again in a moment.", 503)
        return web.json_response({"status": "rings"}, status=202)

    def _is_one_too_many(self, request: web.Request) -> bool:
        """Count a wrong signature; a right one is always heard."""
        address = caller(request, self.runtime.settings.trusted_proxies)
        if self.wrong.spend(address, self.runtime.clock().timestamp()):
            return False
        self.runtime.refusals.note(WRONG_SIGNATURES)
        return True

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        secret = self.settings.calls_secret
        return secret is not None and is_signed(
            secret.get_secret_value(),
            body,
            timestamp=request.headers.get(TIMESTAMP, ""),
            signature=request.headers.get(SIGNATURE, ""),
            now=self.runtime.clock(),
        )

    def _read(self, body: bytes) -> tuple[str, str | None]:
        told = parse_json(body, CALL_LIMITS.json_depth)
        if not isinstance(told, dict):
            return "", None
        call_id, number = told.get("id"), told.get("from")
        known = shorten(clean_line(call_id), _LONGEST_ID) if isinstance(call_id, str) else ""
        region = self.runtime.settings.phone_region
        return known, read(number, region) if isinstance(number, str) else None


def _told(sentence: str, status: int) -> web.Response:
    headers = {"Retry-After": _RETRY_SECONDS} if status in {429, 503} else {}
    return web.json_response({"error": sentence}, status=status, headers=headers)
