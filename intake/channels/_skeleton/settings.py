"""What the operator sets for this channel, and only this channel reads."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SkeletonSettings(BaseSettings):
    """`KISS_SKELETON_…`; without URL and token the channel is off."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_SKELETON_", frozen=True, env_ignore_empty=True
    )

    url: str | None = Field(None, description="where news is posted to")
    token: SecretStr = Field(SecretStr(""), description="sent with news, expected with reports")
    timeout: float = Field(10.0, description="seconds the provider gets to answer")

    @property
    def is_complete(self) -> bool:
        """Whether there is an address to send to, and a token that keeps strangers out."""
        return bool(self.url and self.token.get_secret_value())
