"""What the operator may set for the web chat."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class WebChatSettings(BaseSettings):
    """`KISS_WEBCHAT_…`."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_WEBCHAT_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    enabled: bool = Field(True, description="whether /chat is offered")
    look_seconds: float = Field(5.0, description="how often timers are looked for")
