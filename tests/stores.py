"""Stores of files that can be away."""

from dataclasses import replace
from pathlib import Path

from core.ground.storage import Storage
from core.ground.waiting_files import WaitingFiles
from core.runtime import Runtime
from tests.core.ground.fake_s3 import BUCKET, FakeS3


def on_bucket(
    s3: FakeS3, spool: Path, ledger: WaitingFiles | None = None, *, reserve: int = 0
) -> Storage:
    """Open a bucket with a spool before it."""
    keys = "access_key_id=contoh&secret_access_key=contoh"
    url = f"s3://{BUCKET}/lampiran?endpoint={s3.endpoint}&region=us-east-1&{keys}"
    return Storage.open(url, spool=spool, reserve=reserve, ledger=ledger)


def with_bucket(
    runtime: Runtime, s3: FakeS3, *, machine: str = "ruang-server", reserve: int = 0
) -> Runtime:
    """Let a runtime keep its files in a bucket, on a machine of that name."""
    ledger = WaitingFiles(database=runtime.database, machine=machine, clock=runtime.clock)
    spool = runtime.settings.data / machine
    return replace(runtime, storage=on_bucket(s3, spool, ledger, reserve=reserve))
