"""Two roles: the owner makes and changes tables, the application writes rows and owns nothing.

Whoever takes the application over, by a fault in a statement or in a library, can neither empty a
table at once nor switch off the triggers that keep history and audit.
"""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, text

from core.schema import SCHEMAS

ADDED_TO = ("public.events", "audit.reads", "audit.changes")
"""Tables to which rows are only ever added; what erases a ticket does so as their owner."""

READ = ("public.alembic_version",)

_MAKE = """
DO $do$ BEGIN
    %s;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database's migration was faster: roles are the server's
END $do$
"""


class RoleIsMissingError(Exception):
    """The application's role does not exist, and the owner may not make it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The role that DATABASE_URL connects as."""

    name: str
    password: str | None = field(default=None, repr=False)


def application_of(url: str) -> Application | None:
    """Read the role from a DATABASE_URL; None where it names none."""
    parts = urlsplit(url)
    if parts.username is None:
        return None
    password = None if parts.password is None else unquote(parts.password)
    return Application(name=unquote(parts.username), password=password)


def grant(connection: Connection, application: Application) -> None:
    """Let the application do what it does, and nothing else; as often as one likes.

    Nothing is done where the owner and the application are the same role. Raises
    RoleIsMissingError.
    """
    if connection.scalar(text("SELECT current_user")) == application.name:
        return
    _make(connection, application)
    role = _quoted(connection, "%I", application.name)
    database = _quoted(connection, "%I", str(connection.scalar(text("SELECT current_database()"))))
    schemas = ", ".join(SCHEMAS)
    for statement in (
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",  # PostgreSQL 14 lets everybody
        f"REVOKE ALL ON SCHEMA {schemas} FROM {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schemas} FROM {role}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schemas} FROM {role}",
        f"GRANT USAGE ON SCHEMA {schemas} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schemas} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schemas} TO {role}",
        f"REVOKE UPDATE, DELETE ON {', '.join(ADDED_TO)} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(READ)} FROM {role}",
    ):
        connection.exec_driver_sql(statement)


def _make(connection: Connection, application: Application) -> None:
    there = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :name)")
    if connection.scalar(there, {"name": application.name}):
        return
    may = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    if not connection.scalar(text(may)):
        raise RoleIsMissingError(
            f"The role {application.name} of DATABASE_URL does not exist, and the role of "
            f'DATABASE_OWNER_URL may not make it: CREATE ROLE "{application.name}" LOGIN PASSWORD '
            "'…' as an administrator of the server."
        )
    told = _quoted(connection, "CREATE ROLE %I LOGIN", application.name)
    if application.password is not None:
        told += _quoted(connection, " PASSWORD %L", application.password)
    connection.exec_driver_sql(_MAKE % told)


def _quoted(connection: Connection, form: str, word: str) -> str:
    query = text("SELECT format(:form, CAST(:word AS text))")
    return str(connection.scalar(query, {"form": form, "word": word}))
