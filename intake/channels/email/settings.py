"""The mail channel's settings, `KISS_MAIL_…`; without `KISS_MAIL_URL` the channel is off."""

from typing import Annotated, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_PORTS = {"smtp": 587, "smtps": 465}
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class MailSettings(BaseSettings):
    """How mail leaves: one relay of the hospital or its provider."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_MAIL_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    url: SecretStr | None = Field(
        None, description="smtp://user:password@host:587 or smtps://…:465; none: the channel is off"
    )
    from_address: str = Field("kiss@localhost.localdomain", description="what people see as sender")
    from_name: str | None = Field(None, description="none: the hospital's name")
    domain: str | None = Field(
        None, description="of reply and bounce addresses and Message-IDs; none: the sender's"
    )
    starttls: Literal["always", "if-offered", "never"] | None = Field(
        None, description="none: always, but on this machine only if offered"
    )
    ca_file: str | None = Field(None, description="certificates to trust instead of the system's")
    timeout: Annotated[float, Field(gt=0, le=40)] = Field(
        20.0, description="seconds that each step of a conversation may take"
    )
    old_secrets: tuple[SecretStr, ...] = Field(
        (), description="earlier KISS_SECRET_KEYs whose reply addresses still count"
    )

    @field_validator("url")
    @classmethod
    def _is_a_mail_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in _PORTS or not parts.hostname:
                raise ValueError("KISS_MAIL_URL is smtp://host:port or smtps://host:port")
        return value

    @field_validator("from_address")
    @classmethod
    def _is_one_address(cls, value: str) -> str:
        local, at, domain = value.strip().rpartition("@")
        if not (local and at and domain) or any(sign in value for sign in "\r\n<>, "):
            raise ValueError(
                "KISS_MAIL_FROM_ADDRESS is one mail address, such as kiss@rs.example.org"
            )
        return value.strip()

    @property
    def own_domain(self) -> str:
        """The domain that signed addresses and Message-IDs end in."""
        return (self.domain or self.from_address.rpartition("@")[2]).lower()

    @property
    def relay(self) -> "Relay":
        """The mail server that takes what we send. Only for a channel that is on."""
        return Relay.of(self)


class Relay:
    """The parts of KISS_MAIL_URL, ready for a connection."""

    def __init__(
        self, *, host: str, port: int, tls: bool, user: str | None, password: str | None
    ) -> None:
        self.host, self.port, self.tls = host, port, tls
        self.user, self.password = user, password

    @classmethod
    def of(cls, settings: MailSettings) -> Self:
        """Read the URL; ValueError where there is none."""
        if settings.url is None:
            raise ValueError("the mail channel is off")
        parts = urlsplit(settings.url.get_secret_value())
        return cls(
            host=str(parts.hostname),
            port=parts.port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    @property
    def is_local(self) -> bool:
        """Whether the conversation stays on this machine."""
        return self.host in _LOCAL
