"""`kiss parse-mail`: what the intake understands of a mail, as JSON, for operators and scripts."""

import json
import sys
from pathlib import Path

import click

from intake.channels.email.understanding.mail import Mail
from intake.channels.email.understanding.understand import understand


@click.command()
@click.option("--many", is_flag=True, help="Read file paths, one a line; print one line a mail.")
def parse_mail(*, many: bool) -> None:
    """Read one raw mail on standard input and print what was understood as JSON.

    The form is fixed (docs/email.md, "Understanding"). Every input gives an answer and exit
    status 0; what could not be read is named under "problems".
    """
    if not many:
        _print(understand(sys.stdin.buffer.read()))
        return
    for line in sys.stdin.buffer:
        path = line.rstrip(b"\r\n")
        if path:
            _print(_read(path), path=path.decode("utf-8", "surrogateescape"))


def _read(path: bytes) -> Mail:
    try:
        raw = Path(path.decode("utf-8", "surrogateescape")).read_bytes()
    except (OSError, ValueError) as error:
        return Mail(problems=(f"The file could not be opened ({type(error).__name__}).",))
    return understand(raw)


def _print(mail: Mail, *, path: str | None = None) -> None:
    """Print one line and flush it, so that whoever waits for it sees it."""
    answer = mail.as_contract() | ({} if path is None else {"path": path})
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
