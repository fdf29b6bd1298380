"""The edge of the web door: who may hold a connection, and what is said before there is a request.

What no parser can read (bytes of TLS, another protocol, a head too long) gets a sentence in both
languages under the house's headers, names no program, and leaves one line in the log.
"""

import functools
import logging
import resource
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from core.ground.connections import Connections
from core.ground.ip_address import plain
from core.ground.limit import Cap
from core.ground.rate_limits import (
    WEB_CONNECTIONS,
    WEB_CONNECTIONS_OF_NETWORK,
    WEB_CONNECTIONS_OF_WIDE_NETWORK,
)
from core.ground.refusals import Refusals
from intake.language import LANGUAGES, translate
from intake.pages import HOUSE, sentence_for
from intake.pages.headers import harden
from intake.uploads.steadiness import PLACE

logger = logging.getLogger(__name__)

_CONTINUE = "100-continue"
FILES_BESIDE = 400
"""Files that a process opens beside the connections of its web door."""


class EdgeRunner(web.AppRunner):
    """Runs an application behind this edge."""

    def __init__(
        self,
        app: web.Application,
        refusals: Refusals,
        *,
        trusted_proxies: Collection[str] = (),
        limits: tuple[Cap, Cap, Cap] | None = None,
        **options: Any,  # noqa: ANN401 - those of AppRunner
    ) -> None:
        """`limits` are those of all, of a network and of a wide network."""
        # What is packed is refused (`intake/uploads/receive.py`), and where nobody reads it, not
        # unpacked: what is not packed as it says would else be a fault of ours.
        super().__init__(app, auto_decompress=False, **options)
        self._refusals = refusals
        self._proxies = frozenset(plain(proxy) for proxy in trusted_proxies)
        self._limits = limits or (
            _fitting(WEB_CONNECTIONS),
            WEB_CONNECTIONS_OF_NETWORK,
            WEB_CONNECTIONS_OF_WIDE_NETWORK,
        )

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        server = _Server(
            made.request_handler,
            request_factory=made.request_factory,
            loop=made._loop,  # noqa: SLF001 - the same server again, of our kind
            **made._kwargs,  # noqa: SLF001 - as above
        )
        server.app, server.refusals, server.proxies = self.app, self._refusals, self._proxies
        server.inside = Connections(*self._limits)
        return server


class _Server(web.Server):
    """Makes the connections, and knows them."""

    app: web.Application
    refusals: Refusals
    proxies: frozenset[str | None]
    inside: Connections["_Connection"]

    def __call__(self) -> "_Connection":
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(web.RequestHandler):
    """One connection of one peer: idle between two requests and while a form hardly moves."""

    def __init__(self, server: _Server, **options: Any) -> None:  # noqa: ANN401 - the base's
        super().__init__(server, **options)
        self._server = server
        self._is_in = False

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as the base says it
        """Let the peer in, or hang up on whoever has its share already."""
        name = transport.get_extra_info("peername")
        address = plain(name[0]) if isinstance(name, tuple) else None
        admission = self._server.inside.enter(
            self, address, exempt=address is None or address in self._server.proxies
        )
        for limit in admission.limits:
            self._server.refusals.note(limit)
        for idle in admission.put_out:
            idle.force_close()
        self._is_in = admission.entered
        if self._is_in:
            super().connection_made(transport)
        else:
            transport.abort()

    def connection_lost(self, error: BaseException | None) -> None:
        """Count the peer out."""
        self._server.inside.leave(self)
        if self._is_in:
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Take what arrives, from whoever is in."""
        if self._is_in:
            super().data_received(data)

    async def _handle_request(
        self,
        request: web.BaseRequest,
        start_time: float | None,
        request_handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
    ) -> tuple[web.StreamResponse, bool]:
        if request.headers.get("Expect", _CONTINUE).lower() != _CONTINUE:
            request_handler = self._expected_too_much  # aiohttp would quote what was expected
        self._server.inside.touch(self, busy=True)
        request[PLACE] = functools.partial(self._server.inside.touch, self)
        try:
            return await super()._handle_request(request, start_time, request_handler)
        finally:
            self._server.inside.touch(self, busy=False)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - the parser's words quote what was sent
    ) -> web.StreamResponse:
        """Answer what could not be read, or failed outside of any page, and hang up."""
        told = logger.error if status >= 500 else logger.info
        told("web: not answered by a page: %s", type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun")
        return self._in_words(431 if isinstance(exc, LineTooLong) else status)

    async def _expected_too_much(self, _request: web.BaseRequest) -> web.StreamResponse:
        return self._in_words(417)

    def _in_words(self, status: int) -> web.Response:
        words = (
            " ".join(translate(language, message) for message in sentence_for(status))
            for language in LANGUAGES
        )
        answer = _Nameless(status=status, text="\n".join(words) + "\n")
        harden(answer, self._server.app[HOUSE].now)
        answer.force_close()
        return answer


class _Nameless(web.Response):
    """An answer that does not name the program, given where no hook of an application is asked."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.pop("Server", None)


def _fitting(limit: Cap) -> Cap:
    """Return the limit, smaller where the system lets this process open fewer files."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return replace(limit, most=min(limit.most, max(files - FILES_BESIDE, files // 2)))
