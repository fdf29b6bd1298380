"""A form whose session ended: the words come back, nothing is sent by itself."""

import re
from io import BytesIO
from urllib.parse import unquote

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.database import transaction
from core.people.staff import User
from core.runtime import Runtime
from intake.console.unsent_form import UnsentForm, inside
from tests.builders import Hands
from tests.intake.console.staff import PASSWORD, Page, Served, code_of, hire

WORDS = 'Ibu Sari yth., <b>mohon</b> maaf & "terima kasih".\n\nSalam,\nRuang Melati'


async def test_an_expired_session_returns_to_the_same_form_with_its_text(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    dewi = await hire(runtime, "dewi", "supervisor")

    async with served.signed_in(dewi) as browser:
        hands.move(hours=2)
        sent = {"name": WORDS, "unit": "", "tags": "a"}
        asked = await browser.post("/console/admin/codes/MELATI-1", sent)
        back = await browser.post(
            "/console/sign-in", asked.fields() | {"name": "dewi", "password": PASSWORD}
        )

    assert asked.status == 401
    assert asked.one("h1") == "Masuk"
    assert back.status == 200
    assert action(back) == "/console/admin/codes/MELATI-1"
    assert normal(back.fields()) == normal(sent)


async def test_nothing_is_sent_until_the_person_presses_the_button(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        hands.move(hours=2)
        asked = await browser.post("/console/account/language", {"language": "en"})
        back = await browser.post(
            "/console/sign-in", asked.fields() | {"name": "ayu", "password": PASSWORD}
        )
        async with transaction(runtime.database) as session:
            before = (await session.get_one(User, ayu.user_id)).language
        await browser.post(action(back), back.fields())
        async with transaction(runtime.database) as session:
            after = (await session.get_one(User, ayu.user_id)).language

    assert (before, after) == ("id", "en")


async def test_a_wrong_password_and_a_code_lose_nothing(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    boss = await hire(runtime, "boss", "administrator")

    async with served.signed_in(boss) as browser:
        hands.move(hours=2)
        page = await browser.post("/console/admin/units/MELATI", {"name": WORDS})
        for password in ("salah sekali", PASSWORD):
            fields = page.fields() | {"name": "boss", "password": password}
            page = await browser.post("/console/sign-in", fields)
        page = await browser.post("/console/code", page.fields() | {"code": "abcdef"})
        fields = page.fields() | {"code": await code_of(runtime, boss)}
        page = await browser.post("/console/code", fields)

    assert action(page) == "/console/admin/units/MELATI"
    assert normal(page.fields()) == normal({"name": WORDS})


async def test_secrets_are_not_carried_along(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    ayu = await hire(runtime, "ayu", "officer")

    async with served.signed_in(ayu) as browser:
        hands.move(hours=2)
        page = await browser.post(
            "/console/account/password", {"old": "rahasia lama", "password": "x", "note": "tetap"}
        )

    assert "rahasia lama" not in page.text
    assert page.fields()["kept.note"] == "tetap"


@pytest.mark.parametrize(
    "action",
    ["https://evil.example.org/", "//evil", "/tracking", "", "/console/../x", "/console/%2e%2e/x"],
)
async def test_a_form_on_hold_goes_nowhere_but_into_the_console(
    runtime: Runtime, served: Served, action: str
) -> None:
    await hire(runtime, "ayu", "officer")

    async with served.browser() as browser:
        page = await browser.sign_in("ayu", **{"kept": action, "kept.words": "halo"})

    assert page.path == "/console/inbox"
    assert "evil" not in page.text
    assert page.tree.css("form[action^=http]") == []
    assert "halo" not in page.text


@pytest.mark.parametrize(
    "path", ["/console", "/console/", "/console/tickets/TKT-20261123-0001/say?queue=unit&after=1-a"]
)
def test_a_path_of_the_console_is_inside(path: str) -> None:
    assert inside(path) == path


@given(st.text(max_size=60) | st.text("/.2e?%:\\", max_size=12).map("/console".__add__))
def test_nothing_else_is_inside(path: str) -> None:
    found = inside(path)

    assert found in {"", path}
    assert not found or re.match(r"/console(?:[/?]|\Z)", found)
    assert "/." not in unquote(found)
    assert "//" not in found.partition("?")[0]


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.lists(st.text(max_size=30), min_size=1)))
def test_what_travels_comes_back_in_order(fields: dict[str, list[str]]) -> None:
    kept = UnsentForm.of("/console/x", {name: tuple(texts) for name, texts in fields.items()})

    carried = [(name.removeprefix("kept."), text) for name, text in kept.hidden]

    assert carried == list(kept.fields)


def action(page: Page) -> str:
    form = page.tree.css_first("main form")
    assert form is not None
    return form.attributes["action"] or ""


def normal(fields: dict[str, str]) -> dict[str, str]:
    """Line ends differ on the way: HTML says CRLF, the form's reader says newline."""
    return {name: text.replace("\r\n", "\n") for name, text in fields.items()}


FORMS = (
    ("tickets/TKT-20261123-0001/say?queue=unit", {"mode": "reply", "words": WORDS}),
    ("tickets/TKT-20261123-0001/say", {"mode": "note", "words": "Ya."}),
    ("tickets/TKT-20261123-0001/say", {"mode": "resolve", "words": WORDS}),
    ("tickets/TKT-20261123-0001/move", {"unit": "x", "reason": "Soal obat."}),
    ("tickets/TKT-20261123-0001/escalate", {"reason": "Tak dijawab."}),
    ("tickets/TKT-20261123-0001/close", {"reason": "Sudah beres."}),
    ("tickets/TKT-20261123-0001/merge", {"other": "TKT-20261123-0002", "words": "Sama."}),
    ("phone", {"id": "x", "story": WORDS, "wish": "Obat.", "name": "Sari", "number": "0812"}),
    ("phone/earlier-report/add", {"seal": "x", "key": "y", "words": "Belum juga."}),
    ("callbacks/0190/outcome", {"outcome": "reached", "words": "Terima kasih."}),
)
WRITTEN = {"words", "story", "wish", "reason"}


@pytest.mark.parametrize(("path", "sent"), FORMS, ids=[path for path, _ in FORMS])
@pytest.mark.parametrize("files", [False, True], ids=["plain", "with a file"])
async def test_every_form_comes_back_whole_and_shows_what_was_written(
    served: Served, hands: Hands, path: str, sent: dict[str, str], files: bool
) -> None:
    ayu = await hire(served.runtime, "ayu", "officer")
    form = aiohttp.FormData(sent, default_to_multipart=True)
    if files:
        form.add_field("files", BytesIO(bytes(3_000_000)), filename="lorong.bin")

    async with served.signed_in(ayu) as browser:
        hands.move(hours=2)
        asked = await browser.post(f"/console/{path}", data=form)
        back = await browser.post(
            "/console/sign-in", asked.fields() | {"name": "ayu", "password": PASSWORD}
        )

    assert (asked.status, back.status) == (401, 200)
    assert asked.headers["Cache-Control"] == "no-store"
    assert action(back) == f"/console/{path}"
    assert normal(back.fields()) == normal(sent)
    shown = {node.attributes["name"] for node in back.tree.css("textarea")}
    assert shown == WRITTEN & sent.keys()


async def test_another_account_in_the_same_browser_is_not_shown_the_words(
    runtime: Runtime, served: Served, hands: Hands
) -> None:
    for username in ("ayu", "budi"):
        await hire(runtime, username, "officer")
    path, sent = FORMS[0]

    async with served.browser() as browser:
        await browser.sign_in("ayu")
        hands.move(hours=2)
        asked = await browser.post(f"/console/{path}", sent)
        his = await browser.post(
            "/console/sign-in", asked.fields() | {"name": "budi", "password": PASSWORD}
        )
    async with served.browser() as browser:
        await browser.sign_in("ayu")
        hands.move(hours=2)
        asked = await browser.post(f"/console/{path}", sent)
        hers = await browser.post(
            "/console/sign-in", asked.fields() | {"name": "ayu", "password": PASSWORD}
        )

    assert his.path == "/console/inbox"
    assert "mohon" not in his.text
    assert normal(hers.fields()) == normal(sent)
