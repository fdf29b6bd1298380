"""What the operator may set for the telephone."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class PhoneSettings(BaseSettings):
    """`KISS_PHONE_…`; how numbers are read is `KISS_PHONE_REGION`, a setting of the core."""

    model_config = SettingsConfigDict(
        env_prefix="KISS_PHONE_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    calls_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="shared with the telephone exchange, which tells who rings; none: it cannot",
    )
