"""What the operator sets for Telegram, and only this channel reads."""

import base64
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.ground.seals import TELEGRAM_HEADER, TELEGRAM_PATH, Purpose, sign
from core.ground.secret import Secret
from core.ground.setting_shapes import WebAddress
from intake.dialogue.facts import Limits

PUBLIC_API = "https://api.telegram.org"


class TelegramSettings(BaseSettings):
    """`KISS_TELEGRAM_…`; without a token the channel is off."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_TELEGRAM_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    token: SecretStr | None = Field(None, description="from @BotFather; none: the channel is off")
    api_url: WebAddress = Field(PUBLIC_API, description="a local Bot API server, if there is one")
    mode: Literal["polling", "webhook"] = Field(
        "polling", description="webhook needs KISS_PUBLIC_URL to be https and reachable"
    )
    webhook_secret: SecretStr | None = Field(
        None, description="A-Z a-z 0-9 _ -, up to 256; none: derived from KISS_SECRET_KEY"
    )
    timeout: float = Field(10.0, gt=0, description="seconds Telegram gets to answer a message")
    poll_seconds: int = Field(25, ge=0, le=50, description="how long one poll stays open")
    look_seconds: float = Field(1.0, gt=0, description="how often timers are looked for")
    pause_seconds: float = Field(
        Limits().burst_pause.total_seconds(),
        ge=0,
        le=30,
        description="how long an answer waits for further words; 0: each message is answered",
    )

    @model_validator(mode="after")
    def _the_token_has_its_form(self) -> "TelegramSettings":
        if self.token is not None and not self.bot_id.isdigit():
            raise ValueError("KISS_TELEGRAM_TOKEN looks like 123456789:AA… (from @BotFather)")
        return self

    @property
    def bot_id(self) -> str:
        """The public half of the token: it tells one bot's updates from another's."""
        return self.secret_token().partition(":")[0]

    def secret_token(self) -> str:
        """Return the token itself, for the library alone."""
        return self.token.get_secret_value().strip() if self.token else ""

    def secret(self, secret: Secret) -> str:
        """Return what Telegram must send in its header with every update."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        return _derived(secret, TELEGRAM_HEADER, self.bot_id)

    def path(self, secret: Secret) -> str:
        """Return the webhook's path: not to be guessed, and new whenever the secret is."""
        return f"/telegram/{_derived(secret, TELEGRAM_PATH, self.secret(secret))}"

    def ways_in(self, secret: Secret) -> dict[str, str]:
        """Return every path that may be called, with its header: one of each key, today's first.

        Telegram calls the earlier one until it was told, and another process may tell it first.
        """
        return {self.path(one): self.secret(one) for one in secret.each}


def _derived(secret: Secret, purpose: Purpose, content: str) -> str:
    signature = sign(secret, purpose, content.encode())
    return base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
