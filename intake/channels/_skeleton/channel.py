"""The channel itself: `mount` brings reports in, `send` takes news out. Thin on purpose."""

from datetime import timedelta

import aiohttp
from aiohttp import web

from core.ground.database import DatabaseAwayError
from core.ground.errors import DeliveryError, NotFoundError, Reason
from core.ground.same_secret import same_secret
from core.tickets.desk import Desk
from intake.channel import Outgoing
from intake.channels._skeleton import FACTS
from intake.channels._skeleton.parse import NAME, Incoming, UnreadableError, parse
from intake.channels._skeleton.settings import SkeletonSettings

REASONS: dict[int, Reason] = {
    # the provider's status: what it means in our vocabulary; 5xx is UNREACHABLE, else REFUSED
    401: Reason.MISCONFIGURED,
    403: Reason.BLOCKED,
    404: Reason.UNKNOWN_RECIPIENT,
    429: Reason.THROTTLED,
}


class SkeletonChannel:
    """A door that speaks JSON over HTTP."""

    name = NAME
    facts = FACTS

    def __init__(self, settings: SkeletonSettings) -> None:
        self._settings = settings

    def mount(self, app: web.Application, desk: Desk) -> None:
        """Take reports at `POST /channels/skeleton`."""

        async def take(request: web.Request) -> web.Response:
            return await self._take(request, desk)

        app.router.add_post(f"/channels/{NAME}", take)

    async def send(self, outgoing: Outgoing) -> str:
        """Post the notice to the provider; its answer's `id` is the provider's id."""
        settings = self._settings
        timeout = aiohttp.ClientTimeout(total=settings.timeout)
        body = {"id": str(outgoing.delivery_id), "to": outgoing.recipient, "text": outgoing.text}
        headers = {"Authorization": f"Bearer {settings.token.get_secret_value()}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(settings.url or "", json=body, headers=headers) as answer,
            ):
                if answer.status < 300:
                    return str((await answer.json()).get("id", ""))
                raise _failure(answer)
        except TimeoutError:
            raise DeliveryError(Reason.UNCLEAR, "no answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise DeliveryError(Reason.UNREACHABLE, type(error).__name__) from None

    async def _take(self, request: web.Request, desk: Desk) -> web.Response:
        token = self._settings.token.get_secret_value()
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not same_secret(given, token):
            return web.json_response({"error": "The token is wrong."}, status=403)
        try:
            incoming = parse(await request.read())
            return web.json_response(await _accept(incoming, desk), status=201)
        except UnreadableError as error:
            return web.json_response({"error": str(error)}, status=422)
        except NotFoundError:
            return web.json_response({"error": "There is no such ticket."}, status=404)
        except DatabaseAwayError:  # never a permanent refusal because we are ill
            answer = {"error": "Please send it again in a moment."}
            return web.json_response(answer, status=503, headers={"Retry-After": "5"})


async def _accept(incoming: Incoming, desk: Desk) -> dict[str, str]:
    """Hand it to the core. What this returns is committed."""
    if incoming.ticket is not None:
        ticket_id = await desk.find(incoming.ticket)
        followed = await desk.follow_up(ticket_id, incoming.as_follow_up())
        return {"number": followed.number}
    receipt = await desk.submit(incoming.as_submission())
    return {"number": receipt.number, "code": receipt.tracking_code}


def _failure(answer: aiohttp.ClientResponse) -> DeliveryError:
    fallback = Reason.UNREACHABLE if answer.status >= 500 else Reason.REFUSED
    seconds = answer.headers.get("Retry-After", "")
    return DeliveryError(
        REASONS.get(answer.status, fallback),
        f"HTTP {answer.status}",
        retry_after=timedelta(seconds=int(seconds)) if seconds.isdigit() else None,
    )
