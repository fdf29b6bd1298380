"""Printed commands that a test may not run, and what can be seen without running them."""

import re
from collections.abc import Callable
from importlib import import_module

import yaml

from intake.cli import COMMANDS
from tests.commands.printed import ROOT

RECIPES = (ROOT / "Makefile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SYSTEMD = ROOT / "deploy" / "systemd"
KEPT = "Environment=KISS_DATA=/var/lib/kiss/data"


def makes(target: str, *words: str) -> bool:
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", RECIPES, re.MULTILINE)
    return recipe is not None and all(word in recipe[1] for word in words)


def stands(*names: str) -> bool:
    return all((ROOT / name).exists() for name in names)


def measures(name: str) -> bool:
    return callable(import_module(f"bench.{name}").main) and f" {name}" in RECIPES


def starts(unit: str, *lines: str) -> bool:
    held = (SYSTEMD / unit).read_text(encoding="utf-8").splitlines()
    return "[Install]" in held and all(line in held for line in lines)


INSTALLS = ("tools/environment.py", "requirements.lock")
UNTOUCHED: dict[str, tuple[str, Callable[[], bool]]] = {
    "make run": ("serves: see `kiss run --demo`", lambda: makes("run", "kiss run --demo")),
    "make test": ("would run this test", lambda: makes("test", "pytest")),
    "CI=true make test": ("would run this test", lambda: "WHICH := $(if $(CI),," in RECIPES),
    "make mutants": ("takes half an hour", lambda: makes("mutants", "tools.mutants")),
    "make mutants MODULES=core/scope.py": (
        "takes ten minutes",
        lambda: makes("mutants", "tools.mutants $(MODULES)"),
    ),
    "make check": ("takes a minute", lambda: makes("check", "lint-imports", "mypy", "ruff")),
    "python -m pytest tests/channels -k NAME": (
        "would run other tests",
        lambda: stands("tests/channels/test_contract.py", "tests/channels/web/driver.py"),
    ),
    "python -m bench.filing": ("measures for minutes", lambda: measures("filing")),
    "python -m bench.filing 2": ("measures for minutes", lambda: measures("filing")),
    "python -m bench.http 2": ("measures for minutes", lambda: measures("http")),
    "python -m bench.mail 400": ("measures for minutes", lambda: measures("mail")),
    "python -m bench.queues --explain": ("measures for minutes", lambda: measures("queues")),
    "docker compose up -d --build": ("needs Docker", lambda: "build" in COMPOSE["services"]["web"]),
    "docker compose up -d --scale web=4": (
        "needs Docker",
        lambda: "ports" not in COMPOSE["services"]["web"],
    ),
    "docker run IMAGE run | web | smtp | worker | migrate | doctor": (
        "needs Docker",
        lambda: {"run", "web", "smtp", "worker", "migrate", "doctor"} <= COMMANDS.keys(),
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
