"""Changes the modules that decide, one change at a time, and names those that no test notices.

`python -m tools.mutants`, or with some modules' paths. Works on a copy of this checkout in a
temporary folder, so that nothing changed is left here, whenever it is stopped. See
docs/testing.md.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import chdir, closing
from dataclasses import dataclass
from pathlib import Path

import cosmic_ray.plugins
from cosmic_ray.ast import get_ast_from_path
from cosmic_ray.commands import execute, init
from cosmic_ray.config import ConfigDict
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult

from tools.mutations import SENSELESS, Tables, is_left_alone

ROOT = Path(__file__).resolve().parent.parent
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "data", "images", "node_modules")
PYTEST = "-m pytest -x -q -p no:randomly -p no:cacheprovider --hypothesis-seed=0"
TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Module:
    """A module that decides, and the tests that must notice whatever is changed in it."""

    path: str
    tests: str
    database: bool = False
    """Whether the tests ask PostgreSQL: a run of those takes ten seconds, of others two."""
    apart: frozenset[str] = frozenset()
    """Statements that other tests judge, by the name each begins with."""


MODULES: tuple[Module, ...] = (
    Module("core/tickets/routing.py", "tests/core/tickets/test_routing.py"),
    Module("core/tickets/lifecycle.py", "tests/core/tickets/test_lifecycle.py"),
    Module("core/notices/who_hears.py", "tests/core/notices/test_who_hears.py"),
    Module("core/jobs/retry_schedule.py", "tests/core/jobs/test_retry_schedule.py"),
    Module(
        "core/tickets/filing.py",
        "tests/core/tickets/test_filing.py tests/core/tickets/test_filed.py",
        # what asks the database, and how often: tests/core/tickets/test_desk.py, tests/faults
        apart=frozenset({"file", "_file_on", "_FILE", "_TRIES", "_OPEN_DAY"}),
    ),
    Module(
        "core/access/scope.py",
        "tests/core/access/test_scope_filters.py tests/core/access/test_scope.py",
        database=True,
    ),
)


def main(wanted: list[str]) -> None:
    """Judge the modules; print the table, then the survivors."""
    if unknown := set(wanted) - {module.path for module in MODULES}:
        known = "\n".join(f"  {module.path}" for module in MODULES)
        sys.exit(f"No table of tests for {', '.join(sorted(unknown))}. There is one for:\n{known}")
    cosmic_ray.plugins.OPERATOR_PROVIDERS["tables"] = Tables()
    survivors: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kiss-mutants-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
        print(
            "| module | mutants | killed | survived | score | minutes |\n|---|---|---|---|---|---|"
        )
        with chdir(copy):
            for module in MODULES:
                if not wanted or module.path in wanted:
                    survivors += _judge(module)
    print("", *survivors, sep="\n")


def _judge(module: Module) -> list[str]:
    """Print the module's row; return its survivors."""
    began = time.monotonic()
    command = _command(module)
    _check_unchanged(module, command)
    with closing(WorkDB(f"../{Path(module.path).stem}.sqlite", WorkDB.Mode.create)) as work:
        init([Path(module.path)], work, {})
        skipped = WorkResult(worker_outcome=WorkerOutcome.SKIPPED)
        work.set_multiple_results(list(_left_alone(work, module)), skipped)
        mutants = {item.job_id: item.mutations[0] for item in work.pending_work_items}
        execute(work, _config(command))
        survivors = [
            _words(mutants[job], result.diff or "")
            for job, result in work.results
            if job in mutants and result.test_outcome is not TestOutcome.KILLED
        ]
    total, killed = len(mutants), len(mutants) - len(survivors)
    print(
        f"| `{module.path}` | {total} | {killed} | {len(survivors)} | {100 * killed / total:.1f} %"
        f" | {(time.monotonic() - began) / 60:.0f} |",
        flush=True,
    )
    return sorted(survivors)


def _command(module: Module) -> str:
    plain = "" if module.database else " --noconftest"
    return f"{shlex.quote(sys.executable)} {PYTEST}{plain} {module.tests}"


def _check_unchanged(module: Module, command: str) -> None:
    """Run the tests once as things are; what Python compiles then, each later run finds done."""
    words = shlex.split(command)
    compiling = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    run = subprocess.run(words, env=compiling, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{module.tests} fails before anything is changed:\n{run.stdout[-3000:]}")


def _left_alone(work: WorkDB, module: Module) -> Iterator[str]:
    tree = get_ast_from_path(Path(module.path))
    for item in work.work_items:
        [change] = item.mutations
        leaf = tree.get_leaf_for_position(change.start_pos)
        if SENSELESS.match(change.operator_name) or is_left_alone(leaf, module.apart):
            yield item.job_id


def _config(command: str) -> ConfigDict:
    return ConfigDict(
        {
            "test-command": command,
            "timeout": TIMEOUT_SECONDS,
            "distributor": ConfigDict({"name": "local"}),
        }
    )


def _words(change: MutationSpec, diff: str) -> str:
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "@@", " "))]
    name = change.operator_name.partition("/")[2]
    said = "\n".join(f"    {line[0]} {line[1:].strip()}" for line in lines if line)
    return f"{change.module_path}:{change.start_pos[0]} {name}\n{said}"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # takes the copy away, too
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
