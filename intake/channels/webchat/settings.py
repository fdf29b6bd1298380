"""What the operator may set for the web chat."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake.dialogue.facts import Limits


class WebChatSettings(BaseSettings):
    """`KISS_WEBCHAT_…`."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_WEBCHAT_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    enabled: bool = Field(True, description="whether /chat is offered")
    look_seconds: float = Field(1.0, gt=0, description="how often timers are looked for")
    pause_seconds: float = Field(
        Limits().burst_pause.total_seconds(),
        ge=0,
        le=30,
        description="how long an answer waits for further words; 0: each message is answered",
    )
