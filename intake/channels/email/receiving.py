"""The settings of mail coming in, `KISS_MAIL_…` like those of mail going out."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake.channels.email.smtp.limits import DEFAULT_LIMITS, DoorLimits
from intake.channels.email.smtp.listener import Door, tls_context


class ReceivingSettings(BaseSettings):
    """Where mail comes in, and whom we believe. Without a listener mail only leaves."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_MAIL_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    smtp_listen: str | None = Field(None, description="address:port for SMTP, such as 0.0.0.0:25")
    smtps_listen: str | None = Field(None, description="the same with TLS from the first byte")
    lmtp_listen: str | None = Field(
        None, description="address:port for LMTP, behind Postfix or Exim on this machine"
    )
    hostname: str | None = Field(None, description="how we greet; none: the mail domain")
    tls_certificate: Path | None = Field(None, description="PEM chain for STARTTLS and TLS")
    tls_key: Path | None = Field(None, description="its key")
    require_tls: bool = Field(False, description="take no mail in clear by SMTP")
    size_limit: int = Field(DEFAULT_LIMITS.mail_bytes, ge=100_000, description="bytes of one mail")
    own_servers: tuple[str, ...] = Field(
        ("127.0.0.1", "::1"), description="addresses of our own mail servers: never slowed down"
    )
    mailboxes: tuple[str, ...] = Field(
        (), description="further mailboxes of the hospital, whole addresses"
    )
    domains: tuple[str, ...] = Field(
        (), description="further domains in which units' aliases are mailboxes"
    )
    authserv_id: str | None = Field(
        None, description="the name in Authentication-Results of our own server; none: ignored"
    )
    resolver: str | None = Field(
        None, description="address:port of a DNS resolver to check DKIM, SPF, DMARC; none: off"
    )

    @model_validator(mode="after")
    def _tls_needs_both_files(self) -> Self:
        if (self.tls_certificate is None) is not (self.tls_key is None):
            raise ValueError("KISS_MAIL_TLS_CERTIFICATE and KISS_MAIL_TLS_KEY go together")
        if self.tls_certificate is None and (self.smtps_listen or self.require_tls):
            raise ValueError("TLS needs KISS_MAIL_TLS_CERTIFICATE and KISS_MAIL_TLS_KEY")
        return self

    def doors(self, domain: str) -> tuple[Door, ...]:
        """Return every listener there is to open; ValueError for an address that is none."""
        listeners = (
            (self.smtp_listen, False, False),
            (self.smtps_listen, True, False),
            (self.lmtp_listen, False, True),
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
                lmtp=lmtp,
                hostname=self.hostname or domain,
                tls=context,
                implicit_tls=implicit,
                require_tls=self.require_tls and not lmtp,
                trusted=frozenset(self.own_servers),
                limits=DoorLimits(mail_bytes=self.size_limit, drain_bytes=2 * self.size_limit),
            )
            for where, implicit, lmtp in listeners
            if where is not None
        )


def place(text: str) -> tuple[str, int]:
    """Read `address:port` or `[address]:port`; ValueError names what is wrong."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or not port.isdigit() or not host:
        raise ValueError(f"{text!r} is not address:port")
    return host.strip("[]"), int(port)
