"""The mail channel's settings, `KISS_MAIL_…`: of mail going out, and of mail coming in."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.ground.ip_address import plain
from core.ground.setting_shapes import HostName, Mailbox, Place, place
from intake.channels.email.smtp.limits import DEFAULT_LIMITS, DoorLimits
from intake.channels.email.smtp.listener import Door, tls_context

CHANNEL = "email"
"""Its name in every row."""

_PORTS = {"smtp": 587, "smtps": 465}
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class MailSettings(BaseSettings):
    """How mail leaves: one relay of the hospital or its provider. Without `url` all is off."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_MAIL_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    url: SecretStr | None = Field(
        None, description="smtp://user:password@host:587 or smtps://…:465; none: the channel is off"
    )
    from_address: str = Field("kiss@localhost.localdomain", description="what people see as sender")
    from_name: str | None = Field(None, description="none: the hospital's name")
    domain: HostName | None = Field(
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
            if parts.scheme not in _PORTS or not parts.hostname or not _has_a_port(parts):
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


def _has_a_port(parts: SplitResult) -> bool:
    """Whether the port is one, or none is given."""
    try:
        return parts.port != 0
    except ValueError:
        return False


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


class ReceivingSettings(BaseSettings):
    """Where mail comes in, and whom we believe. Without a listener mail only leaves."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_MAIL_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    smtp_listen: Place | None = Field(None, description="address:port for SMTP, such as 0.0.0.0:25")
    smtps_listen: Place | None = Field(None, description="the same with TLS from the first byte")
    lmtp_listen: Place | None = Field(
        None, description="address:port for LMTP, behind Postfix or Exim on this machine"
    )
    hostname: HostName | None = Field(None, description="how we greet; none: the mail domain")
    tls_certificate: Path | None = Field(None, description="PEM chain for STARTTLS and TLS")
    tls_key: Path | None = Field(None, description="its key")
    require_tls: bool = Field(False, description="take no mail in clear by SMTP")
    size_limit: int = Field(DEFAULT_LIMITS.mail_bytes, ge=100_000, description="bytes of one mail")
    own_servers: tuple[HostName, ...] = Field(
        ("127.0.0.1", "::1"), description="addresses of our own mail servers: never slowed down"
    )
    mailboxes: tuple[Mailbox, ...] = Field(
        (), description="further mailboxes of the hospital, whole addresses"
    )
    domains: tuple[HostName, ...] = Field(
        (), description="further domains in which units' aliases are mailboxes"
    )
    authserv_id: str | None = Field(
        None, description="the name in Authentication-Results of our own server; none: ignored"
    )
    resolver: Place | None = Field(
        None, description="address:port of a DNS resolver to check DKIM, SPF, DMARC; none: off"
    )

    @model_validator(mode="after")
    def _tls_needs_both_files(self) -> Self:
        if (self.tls_certificate is None) is not (self.tls_key is None):
            raise ValueError("KISS_MAIL_TLS_CERTIFICATE and KISS_MAIL_TLS_KEY go together")
        if self.tls_certificate is None and (self.smtps_listen or self.require_tls):
            raise ValueError("TLS needs KISS_MAIL_TLS_CERTIFICATE and KISS_MAIL_TLS_KEY")
        return self

    @property
    def takes_mail(self) -> bool:
        """Whether there is a listener at all; without one mail only leaves."""
        return any((self.smtp_listen, self.smtps_listen, self.lmtp_listen))

    @property
    def servers(self) -> frozenset[str]:
        """Our own mail servers, as a peer's address is written."""
        return frozenset(plain(server) or server for server in self.own_servers)

    @property
    def checks_senders(self) -> bool:
        """Whether anything can prove who sent a mail."""
        return bool(self.authserv_id or self.resolver)

    def doors(self, domain: str) -> tuple[Door, ...]:
        """Return every listener there is to open. Raises CannotListenError without certificate."""
        listeners = (
            (self.smtp_listen, "SMTP", False, False),
            (self.smtps_listen, "SMTPS", True, False),
            (self.lmtp_listen, "LMTP", False, True),
        )
        context = (
            tls_context(str(self.tls_certificate), str(self.tls_key))
            if self.tls_certificate
            else None
        )
        return tuple(
            Door(
                host=place(where)[0],
                port=place(where)[1],
                setting=f"KISS_MAIL_{kind}_LISTEN",
                lmtp=lmtp,
                hostname=self.hostname or domain,
                tls=context,
                implicit_tls=implicit,
                require_tls=self.require_tls and not lmtp,
                trusted=self.servers,
                limits=DoorLimits(mail_bytes=self.size_limit, drain_bytes=2 * self.size_limit),
            )
            for where, kind, implicit, lmtp in listeners
            if where is not None
        )
