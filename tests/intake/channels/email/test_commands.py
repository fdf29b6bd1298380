"""`kiss parse-mail` as an operator runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.root import ROOT


def run(*arguments: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from intake.cli import main; main()", "parse-mail"]
    return subprocess.run(
        [*command, *arguments], input=given, capture_output=True, check=False, cwd=ROOT, timeout=60
    )


@pytest.mark.parametrize(
    ("raw", "sender", "words"),
    [
        (b"", None, ""),
        (b"\0" * 100, None, ""),
        (b"From: a@example.org\nSubject: x\n\nhalo", "a@example.org", "halo"),
    ],
)
def test_one_mail_gives_one_json_object(raw: bytes, sender: str | None, words: str) -> None:
    done = run(given=raw)

    assert done.returncode == 0
    assert done.stderr == b""
    mail = json.loads(done.stdout)
    assert (mail["from"]["address"], mail["text"]) == (sender, words)


def test_many_mails_give_one_line_each_with_their_path(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: a@example.org\nSubject: x\n\nhalo")
    given = f"{mail}\n\n{tmp_path / 'missing.eml'}\n".encode()

    done = run("--many", given=given)

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["path"] for answer in answers] == [str(mail), str(tmp_path / "missing.eml")]
    assert answers[0]["subject"] == "x"
    assert answers[1]["problems"] == ["The file could not be opened (FileNotFoundError)."]


def test_each_line_is_flushed(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"Subject: x\n\nhalo")
    command = [sys.executable, "-c", "from intake.cli import main; main()", "parse-mail", "--many"]

    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{mail}\n".encode())
        process.stdin.flush()
        line = process.stdout.readline()  # would wait for ever without the flush
        process.stdin.close()

    assert json.loads(line)["subject"] == "x"


def test_the_command_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys; import intake.channels.email.commands;"
        "print([m for m in ('sqlalchemy', 'aiohttp', 'nh3', 'chardet', 'icalendar', 'tnefparse',"
        "'selectolax', 'pebble', 'email.parser') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.strip() == "[]"
