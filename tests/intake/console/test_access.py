"""Who may use which route: the table, and the served console asked route by route."""

import asyncio
import re

import pytest

from core.people.roles import ROLES, STAFF
from core.runtime import Runtime
from intake.console.access import ACCESS, Door
from tests.builders import OFFICER
from tests.intake.console.staff import Browser, Served, hire

ROLE_CODES = [code for code, _id, _en in ROLES]
OBJECTS = {
    # placeholder under a path → something that exists
    "/console/admin/units/{code}": "MELATI",
    "/console/admin/categories/{code}": "PHR",
    "/console/admin/codes/{code}": "MELATI-1",
    "/console/admin/notices/{template}": "replied",
}
LEAVES = {"/console/sign-out"}
"""Asked last: who used it is gone."""


def routes(served: Served) -> set[tuple[str, str]]:
    return {
        (route.method, route.resource.canonical)
        for route in served.app.router.routes()
        if route.resource is not None
        and re.match(r"/console(?:/|$)", route.resource.canonical)
        and route.method != "HEAD"
    }


def address(path: str) -> str:
    for pattern, value in OBJECTS.items():
        if path == pattern or path.startswith(pattern + "/"):
            path = path.replace(pattern, re.sub(r"\{\w+\}", value, pattern))
    return re.sub(r"\{id\}", str(OFFICER), re.sub(r"\{(?!id)\w+\}", "nothing", path))


async def test_every_route_has_a_row_and_every_row_a_route(served: Served) -> None:
    table = [(row.method, row.path) for row in ACCESS]

    assert set(table) == routes(served)
    assert len(table) == len(set(table))


def test_every_role_of_the_table_is_one_that_people_hold() -> None:
    named = {role for row in ACCESS for role in row.roles}

    assert named == set(ROLE_CODES) == STAFF


@pytest.mark.parametrize("role", ROLE_CODES)
async def test_a_role_reaches_its_rows_and_no_other(
    runtime: Runtime, served: Served, role: str
) -> None:
    desk = (await runtime.directory.fresh()).triage_desk  # whose officers and head review
    person = await hire(runtime, role, role, unit_id=desk.id)
    wrong = []

    async with served.signed_in(person) as browser:
        for row in sorted(ACCESS, key=lambda row: row.path in LEAVES):
            status = await asked(browser, row.method, address(row.path))
            if role not in row.roles and status != 404:
                wrong.append((row.method, row.path, status))
            page = row.method == "GET" and "{" not in row.path
            if role in row.roles and ((page and status == 404) or status >= 500):
                wrong.append((row.method, row.path, status))

    assert wrong == []


@pytest.mark.parametrize("role", ["administrator", "supervisor"])
async def test_whoever_may_open_a_page_of_the_house_finds_it(
    runtime: Runtime, served: Served, role: str
) -> None:
    person = await hire(runtime, role, role)
    pages = [
        address(row.path)
        for row in ACCESS
        if row.method == "GET"
        and role in row.roles
        and any(row.path.startswith(p) for p in OBJECTS)
    ]

    async with served.signed_in(person) as browser:
        found = {path: await asked(browser, "GET", path) for path in pages}

    assert found == dict.fromkeys(pages, 200)
    assert len(pages) >= 6


async def test_nobody_reaches_more_than_the_way_in_without_signing_in(served: Served) -> None:
    wrong = []

    async with served.browser() as browser:
        for row in ACCESS:
            data = {"words": "x"} if row.method == "POST" else None
            async with browser.session.request(
                row.method, address(row.path), data=data, allow_redirects=False
            ) as answer:
                away = answer.headers.get("Location", "").startswith("/console/sign-in?")
                shut = away if row.method == "GET" else answer.status == 401
            if shut == (row.door is Door.OPEN):
                wrong.append((row.method, row.path, answer.status))

    assert wrong == []


async def test_half_signed_in_reaches_the_code_alone(runtime: Runtime, served: Served) -> None:
    boss = await hire(runtime, "boss", "administrator")
    answers: dict[str, set[str | int]] = {"GET": set(), "POST": set()}

    async with served.browser() as browser:
        await browser.sign_in(boss.username)
        for row in ACCESS:
            if row.door is Door.SIGNED_IN:
                async with browser.session.request(
                    row.method, address(row.path), allow_redirects=False
                ) as answer:
                    answers[row.method].add(answer.headers.get("Location", answer.status))

    assert answers == {"GET": {"/console/code"}, "POST": {404}}


async def test_a_page_that_is_not_theirs_looks_like_one_that_is_not_there(
    runtime: Runtime, served: Served
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        forbidden = await browser.get("/console/admin/people")
        absent = await browser.get("/console/admin/nowhere")

    assert forbidden.status == absent.status == 404
    assert forbidden.one("h1") == absent.one("h1")


async def asked(browser: Browser, method: str, path: str) -> int:
    """Ask without following; only the head is read, since a live line never ends."""
    async with asyncio.timeout(10):
        async with browser.session.request(
            method, path, data={} if method == "POST" else None, allow_redirects=False
        ) as answer:
            return int(answer.status)
