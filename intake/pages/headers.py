"""Security headers for every answer, cookies that keep to themselves, and the same-site check."""

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from intake.pages.hospital import ShownHospital

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cache-Control": "no-store",
}
_TLS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}


def harden(response: web.StreamResponse, house: ShownHospital) -> None:
    """Add the headers an answer lacks; what a handler set on purpose stays."""
    for name, value in (SECURITY_HEADERS | (_TLS_ONLY if house.secure else {})).items():
        response.headers.setdefault(name, value)
    response.headers.pop("Server", None)


def set_cookie(
    response: web.StreamResponse,
    house: ShownHospital,
    name: str,
    value: str,
    *,
    max_age_seconds: int,
) -> None:
    """Set a cookie no script reads and no other site sends (RFC 6265bis §4.1.2).

    Lax and not Strict, because a link in a mail is followed through a redirect of ours.
    """
    response.set_cookie(
        cookie_name(house, name),
        value,
        max_age=max_age_seconds,
        path="/",
        httponly=True,
        secure=house.secure,
        samesite="Lax",
    )


def forget_cookie(response: web.StreamResponse, house: ShownHospital, name: str) -> None:
    """Make the browser drop a cookie set by ``set_cookie``."""
    response.del_cookie(
        cookie_name(house, name), path="/", httponly=True, secure=house.secure, samesite="Lax"
    )


def read_cookie(request: web.Request, house: ShownHospital, name: str) -> str | None:
    """Read a cookie set by ``set_cookie``."""
    return request.cookies.get(cookie_name(house, name))


def cookie_name(house: ShownHospital, name: str) -> str:
    """Bind the cookie to our host where TLS allows it."""
    return f"__Host-kiss-{name}" if house.secure else f"kiss-{name}"


def from_another_site(request: web.Request, house: ShownHospital) -> bool:
    """Whether a state-changing request was caused by a page that is not ours.

    Fetch Metadata decides where the browser sends it, Origin elsewhere. A request with neither
    carries no cookie of ours from another site either, since those are SameSite.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc not in {request.host, urlsplit(house.public_url).netloc}
