"""Reads the directory from the database and keeps the newest version at hand."""

import asyncio
import json
import time
from typing import Any

import asyncpg

from core.ground.database import POOL_WAIT, passing_faults
from core.hospital.directory import (
    CategoryEntry,
    ChannelEntry,
    Directory,
    HospitalEntry,
    QrEntry,
    TrustedSource,
    UnitEntry,
)

FRESH_SECONDS = 2.0
"""How old a directory may be for showing a page. Filing a report always checks its version."""

_HOSPITAL = """
SELECT h.name, h.short_name, h.zone, h.languages, h.phone, h.email, h.address, h.emergency_phone,
       h.public_emergency_phone, h.crisis_phone, h.accent, h.logo_path, h.default_sla_hours,
       h.reopen_days, h.retention_years
  FROM hospital h
"""
_UNITS = """
SELECT u.id, u.code, u.name, u.parent_unit_id AS parent_id, t.code AS type_code, u.contact_email,
       u.contact_phone, u.sla_hours, u.is_active, u.is_triage_desk,
       coalesce(array_agg(a.alias) FILTER (WHERE a.alias IS NOT NULL), '{}') AS aliases
  FROM units u
  LEFT JOIN unit_types t ON t.id = u.unit_type_id
  LEFT JOIN unit_aliases a ON a.unit_id = u.id
 GROUP BY u.id, t.code
"""
_CATEGORIES = """
SELECT id, code, name, default_sla_hours AS sla_hours, unit_id, requires_attachment
  FROM service_categories WHERE is_active
"""
_CHANNELS = """
SELECT name, label::text, sign, can_send AND is_active AS sends, is_spoken, tells_staff, takes
  FROM channels
"""
_TRUSTED = "SELECT kind, address FROM trusted_sources ORDER BY kind, address"
_QR_CODES = "SELECT id, unit_id, code, token, name, is_active FROM qr_codes"


async def read_directory(connection: "asyncpg.Connection[asyncpg.Record]") -> Directory:
    """Read one consistent version of the whole directory."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        version = await connection.fetchval("SELECT version FROM directory_version")
        hospital = await connection.fetchrow(_HOSPITAL)
        units = [UnitEntry(**_frozen(row)) for row in await connection.fetch(_UNITS)]
        categories = [CategoryEntry(**row) for row in await connection.fetch(_CATEGORIES)]
        codes = [QrEntry(**row) for row in await connection.fetch(_QR_CODES)]
        channels = [_channel(row) for row in await connection.fetch(_CHANNELS)]
        trusted = [TrustedSource(**row) for row in await connection.fetch(_TRUSTED)]
    return Directory(
        version=version,
        hospital=HospitalEntry(**_frozen(hospital)),
        units={unit.id: unit for unit in units},
        categories={category.code: category for category in categories},
        qr_codes={code.token: code for code in codes},
        channels={channel.name: channel for channel in channels},
        trusted=tuple(trusted),
    )


class DirectoryStore:
    """The newest directory this process has seen.

    It is read over a connection of its own: whoever asks may hold the pool's last one.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", url: str, timeout: float) -> None:
        self._pool = pool
        self._url = url
        self._timeout = timeout
        self._directory: Directory | None = None
        self._checked = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> Directory:
        """Return what is at hand; the statement that files a report checks whether it is old."""
        return self._directory or await self.reload()

    async def fresh(self) -> Directory:
        """Return a directory that was the newest at most FRESH_SECONDS ago."""
        held = self._directory
        if held is None:
            return await self.reload()
        if time.monotonic() - self._checked < FRESH_SECONDS:
            return held
        with passing_faults():
            async with self._pool.acquire(timeout=POOL_WAIT) as connection:
                version = await connection.fetchval("SELECT version FROM directory_version")
        self._checked = time.monotonic()
        return held if version == held.version else await self.reload()

    async def reload(self) -> Directory:
        """Read it anew; callers at the same moment share one reading."""
        before = self._directory
        async with self._lock:
            if self._directory is before or self._directory is None:
                with passing_faults():
                    self._directory = await self._read()
                self._checked = time.monotonic()
            return self._directory

    async def _read(self) -> Directory:
        timeout = self._timeout
        connection = await asyncpg.connect(self._url, timeout=timeout, command_timeout=timeout)
        try:
            return await read_directory(connection)
        finally:
            connection.terminate()


def _channel(row: "asyncpg.Record") -> ChannelEntry:
    return ChannelEntry(**{**row, "label": json.loads(row["label"])})


def _frozen(row: "asyncpg.Record") -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
