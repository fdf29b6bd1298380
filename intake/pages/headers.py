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


def cookies_named(request: web.Request, house: ShownHospital, start: str) -> dict[str, str]:
    """Read the cookies set by ``set_cookie`` whose names begin so, by those names."""
    full, bare = cookie_name(house, start), len(cookie_name(house, ""))
    return {name[bare:]: text for name, text in request.cookies.items() if name.startswith(full)}


def cookie_name(house: ShownHospital, name: str) -> str:
    """Bind the cookie to our host where TLS allows it."""
    return f"__Host-kiss-{name}" if house.secure else f"kiss-{name}"


def from_another_site(request: web.Request, house: ShownHospital) -> bool:
    """Whether a state-changing request was caused by a page that is not ours.

    Fetch Metadata decides where the browser sends it, Origin elsewhere. A request with neither
    carries no cookie of ours from another site either, since those are SameSite.
    """
    sites = request.headers.getall("Sec-Fetch-Site", [])
    if sites:
        return not {"same-origin", "none"}.issuperset(sites)
    ours = {_place_of(f"//{request.host}"), _place_of(house.public_url)} - {None}
    return not ours.issuperset(map(_place_of, request.headers.getall("Origin", [])))


def _place_of(address: str) -> str | None:
    """Name host and port of an address; None where it names none, which is nobody's place."""
    try:
        return urlsplit(address).netloc.lower() or None
    except ValueError:  # `http://[`
        return None
