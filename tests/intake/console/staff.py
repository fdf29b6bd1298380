"""Invented staff, their accounts, and browsers in which they are signed in."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import aiohttp
import pyotp
from aiohttp import web
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select

from core.ground.database import transaction
from core.people import sessions
from core.people.passwords import hash_password
from core.people.second_factor import offer
from core.people.staff import Admin, Role, User, UserRole
from core.runtime import Runtime
from intake.app import create_app
from intake.console.context import SESSION_COOKIE
from intake.pages import ShownHospital
from intake.pages.headers import cookie_name
from intake.registry import Registry
from tests.builders import MELATI

PASSWORD = "sawah hijau di pagi hari"


@dataclass(frozen=True)
class Person:
    """A member of staff with an account."""

    username: str
    admin_id: UUID
    user_id: UUID
    email: str


@cache
def _hash(password: str) -> str:
    return hash_password(password)


async def hire(
    runtime: Runtime,
    username: str,
    *roles: str,
    unit_id: UUID | None = MELATI,
    password: str = PASSWORD,
    password_hash: str | None = None,
    language: str = "id",
    user_id: UUID | None = None,
) -> Person:
    """Give somebody an account; `user_id` for a person who is there already."""
    email = f"{username}@rs.example.org"
    async with transaction(runtime.database) as session:
        admin = Admin(
            username=username,
            password_hash=password_hash or _hash(password),
            full_name=f"{username.title()} Contoh",
            email=email,
            role=roles[0] if roles else "officer",
        )
        session.add(admin)
        await session.flush()
        if user_id is None:
            user = User(full_name=admin.full_name, email=email, unit_id=unit_id, language=language)
            session.add(user)
        else:
            user = await session.get_one(User, user_id)
        user.admin_id = admin.id
        await session.flush()
        for role_id in await session.scalars(select(Role.id).where(Role.code.in_(roles))):
            session.add(UserRole(user_id=user.id, role_id=role_id))
        return Person(username, admin.id, user.id, email)


@dataclass(frozen=True)
class Page:
    """An answer, parsed."""

    status: int
    path: str
    text: str
    headers: dict[str, str]

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)

    def all(self, selector: str) -> list[str]:
        return [node.text(strip=True) for node in self.tree.css(selector)]

    def one(self, selector: str) -> str:
        [text] = self.all(selector)
        return text

    def values(self, selector: str) -> list[str]:
        return [node.attributes.get("value") or "" for node in self.tree.css(selector)]

    def links(self, selector: str = "a") -> list[str]:
        return [node.attributes.get("href") or "" for node in self.tree.css(selector)]

    def fields(self, form: str = "main form") -> dict[str, str]:
        """Collect what a browser would send of the first such form, untouched."""
        found: dict[str, str] = {}
        first = self.tree.css_first(form)
        for node in first.css("input, textarea, select") if first else []:
            name, kind = node.attributes.get("name"), node.attributes.get("type")
            if name is None or kind == "file":
                continue
            if kind in {"radio", "checkbox"} and "checked" not in node.attributes:
                continue
            if node.tag == "textarea":
                found[name] = node.text().removeprefix("\n")
            elif node.tag == "select":
                chosen = node.css_first("option[selected]") or node.css_first("option")
                found[name] = (chosen.attributes.get("value") if chosen else "") or ""
            else:
                found[name] = node.attributes.get("value") or ""
        return found


@dataclass
class Browser:
    """A browser with a cookie jar of its own."""

    session: aiohttp.ClientSession
    runtime: Runtime

    async def get(self, path: str, **options: object) -> Page:
        async with self.session.get(path, **options) as response:  # type: ignore[arg-type]
            return await _page(response)

    async def post(
        self, path: str, fields: dict[str, str] | None = None, **options: object
    ) -> Page:
        """Send a form; `data` and `headers` may say otherwise."""
        facts = {"data": fields or {}} | options
        async with self.session.post(path, **facts) as response:  # type: ignore[arg-type]
            return await _page(response)

    async def sign_in(self, username: str, password: str = PASSWORD, **fields: str) -> Page:
        """Type name and password; see where it leads."""
        return await self.post(
            "/console/sign-in", {"name": username, "password": password} | fields
        )

    async def sign_in_fully(self, person: Person, password: str = PASSWORD) -> Page:
        """Sign in, with the code from the telephone where one is asked for."""
        page = await self.sign_in(person.username, password)
        if page.path != "/console/code":
            return page
        return await self.post("/console/code", {"code": await code_of(self.runtime, person)})

    async def let_in(self, person: Person) -> None:
        """Hold the cookie of a session that began long before this test: no hashing, no code."""
        async with transaction(self.runtime.database) as session:
            token = await sessions.begin(
                session, person.admin_id, self.runtime.clock(), confirmed=True
            )
        house = ShownHospital(name="-", public_url=self.runtime.settings.public_url)
        self.session.cookie_jar.update_cookies({cookie_name(house, SESSION_COOKIE): token})


async def code_of(runtime: Runtime, person: Person, *, steps: int = 0) -> str:
    """Return the code a person's telephone shows now, or some steps later."""
    async with transaction(runtime.database) as session:
        shared = await offer(session, runtime.secret, person.admin_id)
    return pyotp.TOTP(shared).at(int(runtime.clock().timestamp()) + 30 * steps)


@dataclass(frozen=True)
class Served:
    """The whole application on a loopback port."""

    home: str
    app: web.Application
    runtime: Runtime

    @contextlib.asynccontextmanager
    async def browser(self, **headers: str) -> AsyncIterator[Browser]:
        """Open a browser with nothing in its jar."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.home, cookie_jar=jar, headers=headers) as session:
            yield Browser(session, self.runtime)

    @contextlib.asynccontextmanager
    async def signed_in(self, person: Person) -> AsyncIterator[Browser]:
        """Open a browser in which somebody is signed in already."""
        async with self.browser() as browser:
            await browser.let_in(person)
            yield browser


@contextlib.asynccontextmanager
async def serve(runtime: Runtime, registry: Registry | None = None) -> AsyncIterator[Served]:
    """Serve the application, without channels unless told."""
    app = create_app(runtime, registry or Registry({}))
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield Served(f"http://{host}:{port}", app, runtime)
    await runner.cleanup()


async def _page(response: aiohttp.ClientResponse) -> Page:
    return Page(
        response.status, response.url.path, await response.text(), dict(response.headers.items())
    )
