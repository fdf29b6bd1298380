"""Signing in: name and password, then for some a code. Whoever is refused is not told why."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func as sql
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ground import email_address, rate_limits, stored_buckets
from core.ground.database import transaction
from core.ground.ip_address import network_of
from core.ground.stored_buckets import Bucket
from core.people import links, passwords, second_factor, sessions
from core.people.known_browser import KnownBrowser, is_known
from core.people.roles import SECOND_FACTOR_REQUIRED
from core.people.sessions import Account, fresh_token, hash_token
from core.people.staff import AccountNames, Admin, Role, User, UserRole
from core.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where an attempt comes from."""

    address: str | None = None
    browser: str = ""
    """Browser and system in two words."""
    known: str | None = None
    """The token of a browser we know, if it brought one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunSession:
    """A session that began. Without `confirmed` it reaches nothing but the second step."""

    token: str
    known: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class TooSoonError(Exception):
    """An attempt that came too soon after the others; it was not looked at."""

    wait: timedelta


class RefusedError(Exception):
    """Name, password or code are not right; which of them is not said."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The door to the console. All verbs raise DatabaseAwayError."""

    runtime: Runtime

    async def open(self, name: str, password: str, visit: Visit) -> BegunSession:
        """Begin a session for a user name or address and its password.

        Raises RefusedError, TooSoonError. An outdated hash is replaced on the way.
        """
        account, buckets = await self._knock(name, visit)
        right, fresh = await passwords.verified(
            password, account.password_hash if account else None, share=_turn_of(buckets)
        )
        if account is None or not right:
            raise RefusedError
        return await self._begin(account.id, visit, buckets, fresh)

    async def confirm(self, account: Account, code: str, visit: Visit) -> BegunSession:
        """Finish a sign-in with a code; the session gets a new token.

        Raises RefusedError, TooSoonError.
        """
        now, secret = self.runtime.clock(), self.runtime.secret
        bucket = Bucket(
            rate_limits.SECOND_FACTOR, (str(account.admin_id), network_of(visit.address))
        )
        await self._take(bucket)
        async with transaction(self.runtime.database) as session:
            if not await second_factor.accept(session, secret, account.admin_id, code, now):
                raise RefusedError
            await stored_buckets.forgive(session, secret, bucket)
            await sessions.end(session, account.session_id, account.admin_id, now)
            return await self._opened(session, account.admin_id, visit, confirmed=True)

    async def offered(self, account: Account) -> str | None:
        """Return the secret to enrol an authenticator with; None where one is enrolled already."""
        async with transaction(self.runtime.database) as session:
            if await second_factor.enrolled(session, account.admin_id):
                return None
            return await second_factor.offer(session, self.runtime.secret, account.admin_id)

    async def holder(self, link: str) -> AccountNames | None:
        """Return whose link this is; None for one that was used, is over or never was."""
        async with transaction(self.runtime.database) as session:
            admin = await links.opened(session, link, self.runtime.clock())
        return AccountNames.of(admin) if admin is not None else None

    async def choose_password(
        self, link: str, password_hash: str, visit: Visit
    ) -> BegunSession | None:
        """Use a link up: keep the password, end every other session and begin one.

        None where the link cannot be used; of two at the same moment one gets None.
        """
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            admin_id = await links.use(session, link, now)
            if admin_id is None:
                return None
            await sessions.change_password(session, admin_id, password_hash, now)
            confirmed = not await _asks_for_code(session, admin_id)
            return await self._opened(session, admin_id, visit, confirmed=confirmed)

    async def _knock(self, name: str, visit: Visit) -> tuple[Admin | None, list[Bucket]]:
        """Find the account and count the attempt where it belongs."""
        wanted = email_address.read(name) or name.strip().casefold()[: email_address.LONGEST]
        async with transaction(self.runtime.database) as session:
            account = await _account(session, wanted)
            known = account is not None and await is_known(session, account.id, visit.known)
        who, network = str(account.id) if account else wanted, network_of(visit.address)
        if known:
            buckets = [Bucket(rate_limits.KNOWN_BROWSER, (who, visit.known or ""))]
        else:
            buckets = [
                Bucket(rate_limits.ACCOUNT_FROM_ADDRESS, (who, network)),
                Bucket(rate_limits.ACCOUNT_FROM_ANYWHERE, (who,)),
            ]
        for bucket in buckets:
            await self._take(bucket)
        if not known:
            buckets.append(await self._from(network, who))
        return account, buckets

    async def _from(self, network: str, who: str) -> Bucket:
        """Count an attempt where it comes from; return the bucket that counted it.

        Too many failures there shut nobody out who fails no more than a few times: a right password
        is taken all the same, but trying one on every account soon is as slow as many on one.
        """
        address = Bucket(rate_limits.ADDRESS, (network,))
        try:
            await self._take(address)
        except TooSoonError:
            crowd = Bucket(rate_limits.ACCOUNT_FROM_CROWD, (who, network))
            await self._take(crowd)
            return crowd
        return address

    async def _take(self, bucket: Bucket) -> None:
        runtime = self.runtime
        async with transaction(runtime.database) as session:
            wait = await stored_buckets.take(session, runtime.secret, bucket, runtime.clock())
        if wait is not None:
            runtime.refusals.note(bucket.limit)
            raise TooSoonError(wait)

    async def _begin(
        self, admin_id: UUID, visit: Visit, buckets: list[Bucket], fresh: str | None
    ) -> BegunSession:
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            admin = await session.get_one(Admin, admin_id, with_for_update=True)
            if not admin.is_active:
                raise RefusedError
            admin.last_login = now
            admin.password_hash = fresh or admin.password_hash
            await _person_of(session, admin)
            for bucket in buckets:
                if bucket.limit is rate_limits.ADDRESS:  # only failures count there
                    await stored_buckets.give_back(session, self.runtime.secret, bucket)
                else:
                    await stored_buckets.forgive(session, self.runtime.secret, bucket)
            confirmed = not await _asks_for_code(session, admin_id)
            return await self._opened(session, admin_id, visit, confirmed=confirmed)

    async def _opened(
        self, session: AsyncSession, admin_id: UUID, visit: Visit, *, confirmed: bool
    ) -> BegunSession:
        now, known = self.runtime.clock(), visit.known
        token = await sessions.begin(
            session,
            admin_id,
            now,
            confirmed=confirmed,
            browser=visit.browser,
            address=visit.address,
        )
        if known is None or not await is_known(session, admin_id, known):
            known = fresh_token()
            session.add(KnownBrowser(token_hash=hash_token(known), admin_id=admin_id, known_at=now))
        return BegunSession(token=token, known=known, confirmed=confirmed)


def _turn_of(buckets: list[Bucket]) -> str:
    """Say who waits for whose passwords: a browser that is known for nobody's, else a network's."""
    first = buckets[0]
    return " ".join(first.who) if first.limit is rate_limits.KNOWN_BROWSER else first.who[-1]


async def _account(session: AsyncSession, wanted: str) -> Admin | None:
    """Find an open account by user name or address, whatever the case."""
    query = select(Admin).where(
        or_(sql.lower(Admin.username) == wanted, sql.lower(Admin.email) == wanted),
        Admin.is_active,
    )
    found = list(await session.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None


async def _asks_for_code(session: AsyncSession, admin_id: UUID) -> bool:
    query = select(User.id).where(User.admin_id == admin_id)
    roles = await sessions.roles_of(session, (await session.scalars(query)).one())
    required = bool(roles & SECOND_FACTOR_REQUIRED)
    return required or await second_factor.enrolled(session, admin_id)


async def _person_of(session: AsyncSession, admin: Admin) -> None:
    """Make the member of staff behind an account brought over from elsewhere, if there is none."""
    if await session.scalar(select(User.id).where(User.admin_id == admin.id)) is not None:
        return
    user = await session.scalar(
        select(User).where(sql.lower(User.email) == admin.email.lower(), User.admin_id.is_(None))
    )
    if user is None:
        user = User(full_name=admin.full_name, email=admin.email)
        session.add(user)
    user.admin_id = admin.id
    await session.flush()
    role_id = (await session.scalars(select(Role.id).where(Role.code == admin.role))).one()
    held = await session.scalar(select(UserRole.id).where(UserRole.user_id == user.id).limit(1))
    if held is None:
        session.add(UserRole(user_id=user.id, role_id=role_id))
        await session.flush()
