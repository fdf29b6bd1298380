"""All settings of the core and of the processes; every default gives the embedded run.

A channel's own settings live in its folder. Environment variables are named `KISS_…`, but
for those that every operator knows: `DATABASE_URL` with its owner's, and `BROKER_URL`.
"""

from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.ground import key_file
from core.ground.clock import Clock, shifted, system_clock
from core.ground.secret import MOST, Key, Secret, WeakKeyError, weakness
from core.ground.setting_shapes import Broker, ListeningHost, Peer, Region, Store, WebAddress

MEBIBYTE = 1 << 20
_POSTGRESQL = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})


class Settings(BaseSettings):
    """The settings of one process, read once at its start and never changed."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    data: Path = Field(Path("data"), description="folder for database, files, secret and logs")
    database_url: str | None = Field(
        None, validation_alias="DATABASE_URL", description="none: the bundled PostgreSQL"
    )
    database_owner_url: str | None = Field(
        None,
        validation_alias="DATABASE_OWNER_URL",
        description="owner of the tables, for `kiss migrate` and `kiss run`; none: as above",
    )
    broker_url: Broker | None = Field(
        None, validation_alias="BROKER_URL", description="none: in-process; redis:// or amqp://"
    )
    storage_url: Store | None = Field(
        None, description="none: DATA/files; a shared folder, or s3://bucket/prefix"
    )
    public_url: WebAddress = Field(
        "http://127.0.0.1:8080", description="how people's browsers reach us; QR codes carry it"
    )
    host: ListeningHost = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8080, ge=1, le=65535, description="port the web server listens on")
    secret_key: SecretStr | None = Field(
        None,
        description="signs codes, cookies and reply addresses, `kiss secret new` makes one; none: "
        "made once in DATA",
    )
    former_secret_keys: tuple[SecretStr, ...] = Field(
        (), description="what else is known of keys: the one to come, and those before"
    )
    trusted_proxies: tuple[Peer, ...] = Field(
        (), description="addresses of reverse proxies whose X-Forwarded-* we believe"
    )
    session_idle_minutes: int = Field(60, ge=5, description="a console session unused so long ends")
    session_hours: int = Field(12, ge=1, description="a console session ends after so long at most")
    hospital_file: Path | None = Field(None, description="loaded by `kiss run` at its start")
    phone_region: Region = Field(
        "ID", description="country (ISO 3166-1) of telephone numbers typed without a country code"
    )
    pool_size: int = Field(10, ge=2, le=100, description="connections of each of two pools")
    database_timeout: float = Field(5.0, gt=0, description="seconds a statement may take")
    file_limit: int = Field(100 * MEBIBYTE, gt=0, description="bytes of one attachment")
    request_limit: int = Field(250 * MEBIBYTE, gt=0, description="bytes of one request")
    files_limit: int = Field(10, ge=0, description="attachments of one request")
    log: Literal["plain", "json"] = Field("plain", description="plain or json, one line each")

    test: bool = Field(False, description="KISS_TEST=1 allows the two below")
    clock_file: Path | None = Field(None, description="seconds to add to the clock")

    @model_validator(mode="after")
    def _test_levers_need_a_test(self) -> "Settings":
        if self.clock_file is not None and not self.test:
            raise ValueError("KISS_CLOCK_FILE is for tests and needs KISS_TEST=1")
        return self

    @model_validator(mode="after")
    def _databases_are_one(self) -> "Settings":
        ours, owners = self.database_url, self.database_owner_url
        for name, url in (("DATABASE_URL", ours), ("DATABASE_OWNER_URL", owners)):
            if url is not None and urlsplit(url).scheme not in _POSTGRESQL:
                raise ValueError(f"{name} must begin with postgresql://")
        if owners is not None and (ours is None or _place(ours) != _place(owners)):
            raise ValueError(
                "DATABASE_OWNER_URL and DATABASE_URL must name the same server and database, with "
                "two roles"
            )
        return self

    def shifted(self, clock: Clock) -> Clock:
        """Return a clock, moved as a test of the whole system asks for."""
        return shifted(clock, self.clock_file) if self.clock_file else clock

    @model_validator(mode="after")
    def _keys_are_few(self) -> "Settings":
        if self.former_secret_keys and self.secret_key is None:
            raise ValueError("KISS_FORMER_SECRET_KEYS needs KISS_SECRET_KEY beside it")
        if len(self.former_secret_keys) >= MOST:
            raise ValueError(f"KISS_FORMER_SECRET_KEYS holds {MOST - 1} keys at most")
        return self

    def secret(self) -> Secret:
        """Return the keys this process works with; those of DATA are made on first use.

        Raises WeakKeyError for a current key that can be guessed, OSError and KeyFileError.
        """
        found = self.keys()
        why = weakness(found.current.content)
        if why is None:
            return found
        if self.secret_key is not None:
            raise WeakKeyError(
                f"KISS_SECRET_KEY can be guessed: {why}. `kiss secret new` makes another. Put the "
                "old one into KISS_FORMER_SECRET_KEYS, and what was made with it goes on."
            )
        raise WeakKeyError(
            f"{self.data / key_file.NAME} can be guessed: {why}. `kiss secret rotate` puts a new "
            "key there; what was made with the old one goes on."
        )

    def keys(self) -> Secret:
        """Return the same, however weak: for whoever tells of them, or changes them."""
        if self.secret_key is None:
            return key_file.read_or_made(self.data).secret(self.shifted(system_clock)())
        texts = (self.secret_key, *self.former_secret_keys)
        contents = dict.fromkeys(text.get_secret_value().encode() for text in texts)
        return Secret(tuple(Key(content=content) for content in contents))


def _place(url: str) -> tuple[str | None, int, str]:
    """Return host, port and database of a URL, whose host may stand behind its question mark."""
    parts = urlsplit(url)
    further = {name: values[0] for name, values in parse_qs(parts.query).items()}
    port = parts.port or int(further.get("port", "5432"))
    return parts.hostname or further.get("host"), port, parts.path
