"""What somebody does with their own account while they are signed in; ended ones reach nothing."""

from dataclasses import dataclass
from uuid import UUID

from core.ground.database import transaction
from core.people import passwords, sessions
from core.people.sessions import Account, OpenSession, SessionLimits
from core.people.staff import AccountNames, Admin, User
from core.runtime import Runtime


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Every verb raises DatabaseAwayError; all but `of` take the account as `of` returned it."""

    runtime: Runtime

    async def of(self, token: str, limits: SessionLimits) -> Account | None:
        """Return who holds a session's token; None when it is over, idle too long or unknown."""
        async with transaction(self.runtime.database) as session:
            return await sessions.account_of(session, token, self.runtime.clock(), limits)

    async def is_unchanged(self, account: Account, limits: SessionLimits) -> bool:
        """Say whether a session goes on with the same roles; asking does not renew it."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            roles = await sessions.roles_of(session, account.user_id)
            return roles == account.roles and await sessions.is_living(
                session, account.session_id, now, limits
            )

    async def sessions(self, account: Account, limits: SessionLimits) -> tuple[OpenSession, ...]:
        """List where the account is signed in, the last used first."""
        now = self.runtime.clock()
        async with transaction(self.runtime.database) as session:
            return await sessions.living(session, account.admin_id, now, limits)

    async def proven(self, account: Account, password: str) -> AccountNames | None:
        """Return the account's names to whoever knows its password; None to everybody else."""
        async with transaction(self.runtime.database) as session:
            admin = await session.get_one(Admin, account.admin_id)
        right, _fresh = await passwords.verified(
            password, admin.password_hash, share=str(account.admin_id)
        )
        return AccountNames.of(admin) if right else None

    async def change_password(self, account: Account, password_hash: str) -> None:
        """Keep another password's hash; every session but this one ends."""
        async with transaction(self.runtime.database) as session:
            await sessions.change_password(
                session,
                account.admin_id,
                password_hash,
                self.runtime.clock(),
                but=account.session_id,
            )

    async def change_language(self, account: Account, language: str) -> None:
        """Keep the language somebody works in."""
        async with transaction(self.runtime.database) as session:
            user = await session.get_one(User, account.user_id)
            user.language = language

    async def end_session(self, account: Account, session_id: UUID) -> None:
        """End one session of the account, this one or another; somebody else's is left alone."""
        async with transaction(self.runtime.database) as session:
            await sessions.end(session, session_id, account.admin_id, self.runtime.clock())

    async def end_others(self, account: Account) -> None:
        """End every session of the account but this one."""
        async with transaction(self.runtime.database) as session:
            await sessions.end_all(
                session, account.admin_id, self.runtime.clock(), but=account.session_id
            )
