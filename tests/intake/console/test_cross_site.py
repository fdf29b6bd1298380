"""What another site may make a browser send: nothing that changes anything."""

import re
from dataclasses import replace

import pytest

from core.runtime import Runtime
from intake.console.access import ACCESS
from tests.intake.console.staff import PASSWORD, Served, hire, serve

FOREIGN = [
    {"Origin": "https://evil.example.org"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_every_form_of_the_console_refuses_what_comes_from_elsewhere(
    runtime: Runtime, served: Served, headers: dict[str, str]
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor")
    answers = {}

    async with served.signed_in(dewi) as browser:
        for row in ACCESS:
            if row.method != "GET":
                path = re.sub(r"\{\w+\}", "MELATI-1", row.path)
                page = await browser.post(path, {"session": "others"}, headers=headers)
                answers[row.path] = page.status
        still_in = await browser.get("/console/account")

    assert set(answers.values()) == {403}, answers
    assert still_in.path == "/console/account"


async def test_the_refusal_is_a_sentence(runtime: Runtime, served: Served) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        page = await browser.post(
            "/console/sign-out", headers={"Origin": "https://evil.example.org"}
        )

    assert page.status == 403
    assert page.one("h1") == "Formulir ini datang dari halaman lain"


async def test_our_own_pages_are_heard(runtime: Runtime, served: Served) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        for headers in ({"Origin": served.home}, {"Sec-Fetch-Site": "same-origin"}):
            page = await browser.post(
                "/console/sign-in", {"name": "ayu", "password": PASSWORD}, headers=headers
            )
            assert (page.status, page.path) == (200, "/console/inbox")


@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
async def test_a_body_no_form_of_ours_sends_is_refused(
    runtime: Runtime, served: Served, kind: str
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        page = await browser.post(
            "/console/account/language", data=b"language=en", headers={"Content-Type": kind}
        )

    assert page.status == 415


async def test_cookies_keep_to_themselves(runtime: Runtime) -> None:
    await hire(runtime, "ayu", "officer")
    secure = replace(
        runtime,
        settings=runtime.settings.model_copy(update={"public_url": "https://rs.example.org"}),
    )

    async with (
        serve(secure) as served,
        served.browser() as browser,
        browser.session.post(
            "/console/sign-in", data={"name": "ayu", "password": PASSWORD}, allow_redirects=False
        ) as answer,
    ):
        cookies = answer.headers.getall("Set-Cookie")

    assert len(cookies) == 2
    for line in cookies:
        assert line.startswith("__Host-kiss-")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line


async def test_pages_are_not_framed_not_stored_and_hold_no_script_of_their_own(
    runtime: Runtime, served: Served
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor")

    async with served.signed_in(dewi) as browser:
        for path in ("/console/account", "/console/admin/units", "/console/sign-in"):
            page = await browser.get(path)

            assert page.status == 200
            assert page.headers["X-Frame-Options"] == "DENY"
            assert page.headers["Cache-Control"] == "no-store"
            assert "script-src 'self'" in page.headers["Content-Security-Policy"]
            assert "unsafe" not in page.headers["Content-Security-Policy"]
            assert page.tree.css("[style], style, [onclick], script:not([src])") == []
