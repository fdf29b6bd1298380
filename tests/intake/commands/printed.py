"""Finds every command that pages, files and the program itself print for somebody to type."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from intake.cli import main
from tests.root import ROOT

PROGRAMS = (
    *(".", "cp", "curl", "docker", "echo", "git", "grep", "kiss", "ls", "make", "openssl"),
    *("pg_dump", "pg_restore", "pip", "psql", "python", "python3", "sudo", "systemctl"),
    *("useradd", "uv"),
)
"""What a printed command begins with, after its settings; anything else in a line is prose."""

SCRIPT = "sh"
"""The language of a fenced block that somebody types. Every other block is to be read."""

_SETTINGS = re.compile(r"^(?:[A-Z_]+=\S*\s+)+")
_OURS = re.compile(r"(?<!\S)(?:/opt/kiss/)?\.venv/bin/(?=kiss|python)")
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_COMMENT = re.compile(r"^\s*#+ ?(.*)$", re.MULTILINE)
_STARTED = re.compile(r"^ExecStart=(.*)$", re.MULTILINE)
_COLUMNS = re.compile(r" {2,}")


def pages() -> list[Path]:
    """Name the pages that people read."""
    return [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]


def commented() -> list[Path]:
    """Name the files whose comments people read before they use them."""
    folders = [*ROOT.glob("deploy/**/*"), *ROOT.glob("demo/*.yaml")]
    files = sorted(path for path in folders if path.is_file())
    return [*files, ROOT / "docker-compose.yml", ROOT / "Dockerfile"]


def printed() -> dict[str, set[str]]:
    """Return each command with the places that print it."""
    found: dict[str, set[str]] = {}
    for place, command in _everywhere():
        found.setdefault(command, set()).add(place)
    return found


def is_command(text: str) -> bool:
    """Tell whether a text is typed as it stands: a program of the table, and words for it."""
    first, _, words = _SETTINGS.sub("", text).partition(" ")
    return first in PROGRAMS and bool(words)


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield every fenced block of a page: its language, and what stands in it."""
    for block in _FENCED.finditer(text):
        yield block[1], block[2]


def spans(text: str) -> Iterator[str]:
    """Yield every piece of inline code, also one that is broken over two lines."""
    for span in _SPAN.finditer(_FENCED.sub("", text)):
        yield " ".join(span[1].split())


def _everywhere() -> Iterator[tuple[str, str]]:
    for path in pages():
        text = path.read_text(encoding="utf-8")
        yield from _named(path, _from_page(text))
    for path in commented():
        yield from _named(path, _from_comments(path.read_text(encoding="utf-8")))
    for package in ("core", "intake", "migrations", "notifier"):
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield from _named(path, (line for line in spans(text) if line.startswith("kiss ")))
    for name, command in _taught(main, "kiss"):
        yield f"{name} --help", command


def _named(path: Path, texts: Iterator[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        command = _OURS.sub("", text.strip())
        if "\n" in command or is_command(command):
            yield str(path.relative_to(ROOT)), command


def _from_page(text: str) -> Iterator[str]:
    yield from spans(text)
    for language, block in blocks(text):
        if language == SCRIPT:
            yield from _from_script(block.strip())


def _from_script(block: str) -> Iterator[str]:
    """Yield each line of a block; lines that need each other are one command."""
    lines = [_OURS.sub("", line) for line in block.splitlines()]
    yield from lines if all(map(is_command, lines)) else ["\n".join(lines)]


def _from_comments(text: str) -> Iterator[str]:
    comments = [found[1] for found in _COMMENT.finditer(text)]
    yield from spans("\n".join(comments))
    yield from (line.strip() for line in comments if line.startswith("    "))
    yield from (found[1] for found in _STARTED.finditer(text))


def _taught(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """Yield the examples in the help of a command and of all below it."""
    for line in (command.help or "").splitlines():
        example = _COLUMNS.split(line.strip())[0]
        if is_command(example):
            yield name, example
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below is not None
            yield from _taught(below, f"{name} {word}")
