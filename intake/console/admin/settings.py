"""Settings: what this installation was told, and where each value comes from. Nothing to change."""

import os
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from core.administration.overview import Overview
from core.ground.settings import Settings
from intake.console.admin.frame import admin_page
from intake.console.context import Console

_HIDDEN: Final = frozenset({"secret_key"})
_ADDRESSES: Final = frozenset({"database_url", "database_owner_url", "broker_url", "storage_url"})
_FOR_TESTS: Final = frozenset({"test", "clock_file"})


class SettingLine(NamedTuple):
    """One setting as it is shown."""

    name: str
    value: str
    is_default: bool
    help: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The page of settings."""

    console: Console

    def routes(self) -> tuple[web.AbstractRouteDef, ...]:
        """List the paths."""
        return (web.get("/admin/settings", self.show),)

    async def show(self, request: web.Request) -> web.Response:
        """Show settings, hospital and channels."""
        directory = await self.console.directory()
        return admin_page(
            request,
            "settings.html",
            lines=lines(self.console.runtime.settings, frozenset(os.environ)),
            hospital=directory.hospital,
            channels=await Overview(self.console.runtime).channels(),
        )


def lines(settings: Settings, environment: frozenset[str]) -> tuple[SettingLine, ...]:
    """Write out every setting; secrets and the passwords within addresses stay hidden."""
    return tuple(
        SettingLine(
            name=(variable := _variable(name)),
            value=_shown(name, getattr(settings, name)),
            is_default=variable not in environment,
            help=field.description or "",
        )
        for name, field in Settings.model_fields.items()
        if name not in _FOR_TESTS
    )


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"KISS_{name.upper()}"


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    if name in _HIDDEN:
        return "••••••"
    if name in _ADDRESSES:
        parts = urlsplit(str(value))
        return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
