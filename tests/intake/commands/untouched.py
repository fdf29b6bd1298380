"""Printed commands that a test may not run, and what can be seen without running them."""

import os
import subprocess
from collections.abc import Callable
from importlib import import_module

import yaml
from click import Context

from intake.cli import main
from tests.root import ROOT

RECIPES = (ROOT / "Makefile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SYSTEMD = ROOT / "deploy" / "systemd"
KEPT = "Environment=KISS_DATA=/var/lib/kiss/data"


def commands() -> set[str]:
    """Name every command of `kiss`."""
    return set(main.list_commands(Context(main)))


def makes(target: str, *steps: str, **environment: str) -> bool:
    """Whether `make` would take these steps, word for word."""
    words = ["make", "-n", *target.split(), "WORKERS=3"]
    surroundings = {"PATH": os.environ["PATH"], **environment}
    said = subprocess.run(
        words, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=True
    )
    done = [line.removeprefix(".venv/bin/").split() for line in said.stdout.splitlines()]
    return all(step.split() in done for step in steps)


def stands(*names: str) -> bool:
    return all((ROOT / name).exists() for name in names)


def measures(name: str) -> bool:
    return callable(import_module(f"bench.{name}").main) and f" {name}" in RECIPES


def starts(unit: str, *lines: str) -> bool:
    held = (SYSTEMD / unit).read_text(encoding="utf-8").splitlines()
    return "[Install]" in held and all(line in held for line in lines)


INSTALLS = ("tools/environment.py", "requirements.lock", "tests/test_environment.py")
PYTEST = "python -m pytest -n 3 --dist worksteal"
CODE = "core intake notifier migrations tests bench tools docs"
CHECKS = (
    f"ruff check {CODE}",
    f"ruff format --check {CODE}",
    "mypy core intake notifier tests",
    "lint-imports",
    "python -m pytest -n 0 -q tests/test_architecture.py tests/test_migrations.py",
)
_DECIDED = (
    "decides about a message that another row needs; a test of its own types it",
    lambda: stands("tests/intake/commands/test_review.py"),
)
_ROTATED = (
    "changes the keys of a data folder; a test of its own types it",
    lambda: stands("tests/intake/commands/test_secret.py"),
)
UNTOUCHED: dict[str, tuple[str, Callable[[], bool]]] = {
    "kiss secret rotate": _ROTATED,
    "kiss secret rotate --at-once": _ROTATED,
    "kiss secret drop ID": _ROTATED,
    "kiss inbound release ID": _DECIDED,
    "kiss inbound join ID NUMBER": _DECIDED,
    "kiss inbound trust ID portal lapor@example.go.id": _DECIDED,
    "make run": ("serves: see `kiss run --demo`", lambda: makes("run", "kiss run --demo")),
    "make test": (
        "would run this test",
        lambda: makes("test", "tests/prepare", f'{PYTEST} -m "not slow" tests'),
    ),
    "CI=true make test": (
        "would run this test",
        lambda: makes("test", "tests/prepare", f"{PYTEST} tests", CI="true"),
    ),
    "make test TESTS=tests/core": (
        "may run beside this test",
        lambda: makes("test TESTS=tests/core", f'{PYTEST} -m "not slow" tests/core'),
    ),
    "make mutants": (
        "takes half an hour",
        lambda: makes("mutants", "python -m tools.mutants"),
    ),
    "make mutants MODULES=core/access/scope.py": (
        "takes ten minutes",
        lambda: makes(
            "mutants MODULES=core/access/scope.py", "python -m tools.mutants core/access/scope.py"
        ),
    ),
    "python -m tools.danger": (
        "takes half a minute over every message; `tests/core/triage/test_messages.py` calls it",
        lambda: stands("tools/danger.py", "tests/core/triage/test_messages.py"),
    ),
    "python -m tools.danger missed": (
        "as before",
        lambda: stands("tools/danger.py", "tests/core/triage/test_messages.py"),
    ),
    "python -m tools.unread": (
        "is run by another test",
        lambda: stands("tools/unread/__main__.py", "tests/test_nothing_unread.py"),
    ),
    "make check": ("takes a minute", lambda: makes("check", *CHECKS)),
    "python -m pytest tests/intake/channels/test_contract.py -k whatsapp": (
        "is run in a copy, where there is a channel of that name",
        lambda: stands("tests/test_adding_a_channel.py"),
    ),
    "python -m bench.filing": ("measures for minutes", lambda: measures("filing")),
    "python -m bench.filing 2": ("measures for minutes", lambda: measures("filing")),
    "python -m bench.http 2": ("measures for minutes", lambda: measures("http")),
    "python -m bench.mail 400": ("measures for minutes", lambda: measures("mail")),
    "python -m bench.queues --explain": ("measures for minutes", lambda: measures("queues")),
    "python -m tools.catalogue": (
        "writes into the checkout",
        (ROOT / "tools" / "catalogue.py").is_file,
    ),
    "python -m bench.settling": ("measures for minutes", lambda: measures("settling")),
    "docker compose up -d --build": ("needs Docker", lambda: "build" in COMPOSE["services"]["web"]),
    "docker compose up -d --scale web=4": (
        "needs Docker",
        lambda: "ports" not in COMPOSE["services"]["web"],
    ),
    "docker run IMAGE run | web | smtp | worker | migrate | doctor": (
        "needs Docker",
        lambda: {"run", "web", "smtp", "worker", "migrate", "doctor"} <= commands(),
    ),
    "python -m tools.settings_table": (
        "would write into this release; it is run in a copy",
        lambda: stands("tests/test_adding_a_channel.py"),
    ),
    "git pull && python3 tools/environment.py requirements.lock": (
        "would change this folder",
        lambda: stands(*INSTALLS),
    ),
    "git clone ADDRESS /opt/kiss && cd /opt/kiss && "
    "python3 tools/environment.py requirements.lock": (
        "writes outside the test's folder",
        lambda: stands(*INSTALLS),
    ),
    "sudo -u kiss env KISS_DATA=/var/lib/kiss/data kiss doctor": (
        "needs the account of the service",
        lambda: starts("kiss.service", "User=kiss", KEPT),
    ),
    "useradd --system --home /var/lib/kiss --create-home kiss": (
        "needs root",
        lambda: all(starts(unit.name, "User=kiss", KEPT) for unit in SYSTEMD.iterdir()),
    ),
    "cp deploy/systemd/kiss.service /etc/systemd/system/ && systemctl enable --now kiss": (
        "needs root",
        lambda: starts("kiss.service", "ExecStart=/opt/kiss/.venv/bin/kiss run"),
    ),
    "systemctl enable --now kiss-web@1 kiss-web@2": (
        "needs root",
        lambda: starts("kiss-web@.service", "Environment=KISS_PORT=808%i", KEPT),
    ),
    "systemctl enable --now kiss-worker@1 kiss-worker@2": (
        "needs root",
        lambda: starts("kiss-worker@.service", "ExecStart=/opt/kiss/.venv/bin/kiss worker", KEPT),
    ),
}
"""What a test may not do: why, and what can be seen without doing it."""
