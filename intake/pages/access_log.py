"""The access log: what kind of page, how it ended, how long it took. Never an address or a path.

A path may hold a tracking code and an address belongs to a person, so the pattern of the route
(``/t/{code}``) stands for both.
"""

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class PatternLog(AbstractAccessLogger):
    """Hand it to ``web.AppRunner(app, access_log_class=PatternLog)``."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write one line; ``time`` is in seconds."""
        self.logger.info(
            "%s %s %d %.0f ms", request.method, pattern_of(request), response.status, time * 1000
        )


def pattern_of(request: web.BaseRequest) -> str:
    """Name the route of a request as the router knows it; ``-`` where it knows none."""
    match = request.match_info if isinstance(request, web.Request) else None
    resource = match.route.resource if match is not None else None
    return resource.canonical if resource else "-"
