"""Somebody who types what the pages print, in a folder of their own."""

import asyncio
import os
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from intake.embedded.binaries import find_binaries
from tests.intake.commands.conftest import KISS, Kiss, Told
from tests.root import ROOT

MAIL = b"From: budi@example.org\r\nTo: halo@rs.example.org\r\nSubject: AC\r\n\r\nAC mati.\r\n"
FOLDERS = ("demo", "deploy", "intake/channels/_skeleton", "tests/intake/channels/_skeleton")

_REDIRECTED = re.compile(r"(.*) ([<>]) (\S+)")


@dataclass(frozen=True)
class Reader:
    """Types one line after the other, with what was printed before in place of a NUMBER or ID."""

    kiss: Kiss
    folder: Path
    known: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Lay out what a reader has: the release's folders, their hospital's file, a mail."""
        for name in FOLDERS:
            shutil.copytree(ROOT / name, self.folder / name)
        for name in ("data/postgres", "docs"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "data/postgres/PG_VERSION").write_text("18\n")
        shutil.copy(ROOT / "docs/chat.md", self.folder / "docs")
        shutil.copy(ROOT / "demo/hospital.yaml", self.folder / "rs.yaml")
        (self.folder / "mail.eml").write_bytes(MAIL)
        (self.folder / "answer.txt").write_text("Sudah diperbaiki.\n")
        (self.folder / ".venv").symlink_to(KISS.parent.parent)

    def fill(self, line: str) -> str:
        """Put what is known in place of the words that stand for it."""
        names = "|".join(re.escape(name) for name in sorted(self.known, key=len, reverse=True))
        return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda found: self.known[found[0]], line)

    async def type(self, line: str, answers: str = "") -> Told:
        """Type a line. `kiss` runs in this process, which saves a second; the rest is a shell's."""
        first, _, further = self.fill(line).partition(" | ")
        settings, words = _words(first)
        if words[0] != "kiss":
            return await self.shell(self.fill(line))
        told = await self._kiss(settings, first, answers)
        if further and shutil.which(further.split()[0]) and told.code == 0:
            return await self.shell(further, told.out)
        return told

    async def shell(self, line: str, stdin: str = "") -> Told:
        """Let a shell do a whole line in the reader's folder, with `kiss` and PostgreSQL found."""
        folders = (str(KISS.parent), str(find_binaries().folder), os.environ["PATH"])
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", line),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env={**self.kiss.environment, "PATH": os.pathsep.join(folders)},
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate(stdin.encode())
        return Told(process.returncode or 0, out.decode(), err.decode())

    async def _kiss(self, settings: dict[str, str], line: str, answers: str) -> Told:
        redirected = _REDIRECTED.fullmatch(line)
        command, way, file = redirected.groups() if redirected else (line, "", "")
        if way == "<":
            answers = (self.folder / file).read_text()
        told = await self.kiss(*_words(command)[1][1:], stdin=answers, **settings)
        if way == ">":
            (self.folder / file).write_text(told.out)
        return told


def _words(line: str) -> tuple[dict[str, str], list[str]]:
    """Split a line into the settings before the command, and the command's words."""
    settings, words = {}, shlex.split(line)
    while "=" in words[0]:
        name, _, settings[name] = words.pop(0).partition("=")
    return settings, words
