"""Processes that read mail: one beyond its limits is killed, the next mail is read."""

import time
from collections.abc import Iterator

import pytest

from intake.channels.email.parser_pool import ParserPool, Unreadable, parse_in_worker
from intake.channels.email.understanding.mail import Mail

MAIL = b"From: Budi <budi@example.org>\nSubject: Halo\n\nisi\n"


@pytest.fixture(scope="module")
def any_task() -> Iterator[ParserPool]:
    """A pool whose task is to evaluate the bytes: it can be told to sleep, to eat, to die."""
    with ParserPool(task=eval, memory_mb=512) as workers:
        yield workers


def test_mail_is_read_in_another_process() -> None:
    mail = parse_in_worker(MAIL)

    assert isinstance(mail, Mail)
    assert (mail.subject, mail.sender.name, mail.text) == ("Halo", "Budi", "isi\n")


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (b"__import__('time').sleep(60)", "time"),
        (b"bytearray(10**10)", "memory"),
        (b"__import__('os')._exit(9)", "crash"),
    ],
)
def test_worker_beyond_its_limits_is_replaced(
    any_task: ParserPool, task: bytes, reason: str
) -> None:
    started = time.monotonic()

    failure = any_task.parse(task, timeout_seconds=1)

    assert failure == Unreadable(reason=reason)  # type: ignore[arg-type]  # three literals above
    assert time.monotonic() - started < 20
    assert any_task.parse(b"1 + 1") == 2  # type: ignore[comparison-overlap]  # the task is eval
