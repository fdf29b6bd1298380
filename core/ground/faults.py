"""Named steps at which a test may kill the process, to prove that nothing answered is lost.

`FAULT_AT=step[:n]` (only together with `KISS_TEST=1`) sends SIGKILL to the own process when the
step is reached for the n-th time (the first, if n is left out).
"""

import functools
import os
import signal
from collections import Counter

STEPS: tuple[str, ...] = (
    "submit.before",  # the report is parsed, nothing is stored
    "submit.committed",  # the ticket is committed, nobody was told yet
    "relay.leased",  # deliveries are leased, not yet in the broker
    "deliver.claimed",  # a worker holds the delivery, nothing is sent
    "deliver.sent",  # the provider accepted it, the row does not know yet
    "deliver.marked",  # the row says sent
    "inbound.stored",  # the raw message is committed, not yet answered
    "inbound.claimed",  # a worker holds the raw message
    "chat.stored",  # an update of a chat is noted, nothing came of it yet
    "chat.stepped",  # state, ticket and replies are written, not committed
    "chat.committed",  # all of it is committed, the channel does not know yet
    "fetch.claimed",  # a worker holds a file that is to be fetched
    "clean.claimed",  # a worker holds a file that is to be cleaned
    "file.spooled",  # a file waits on this machine, nobody was told yet
    "file.carried",  # the store has a file that waited, nothing says so yet
    "file.struck",  # its rows are struck, it still lies in the spool
    "call.noted",  # how a call went is written, what was said is not; nothing is committed
    "call.committed",  # all of it is committed, the agent does not know yet
    "inbound.processed",  # the ticket exists, the raw message is not yet marked done
)

_reached: Counter[str] = Counter()


def reach(step: str) -> None:
    """Mark that a step is reached; kill this process if the test asked for it."""
    fault = asked_for()
    if fault is None or fault[0] != step:
        return
    _reached[step] += 1
    if _reached[step] == fault[1]:
        os.kill(os.getpid(), signal.SIGKILL)


def parse(text: str) -> tuple[str, int]:
    """Read `step` or `step:n`; ValueError names the steps there are."""
    step, _, times = text.partition(":")
    if step not in STEPS:
        raise ValueError(f"FAULT_AT names no step of ours: {step!r}. Steps: {', '.join(STEPS)}")
    return step, int(times or 1)


@functools.cache
def asked_for() -> tuple[str, int] | None:
    """Return the step and its count that the environment asks for, read once.

    Raises SystemExit with a sentence where it asks for what there is not, or asks outside a test.
    """
    text = os.environ.get("FAULT_AT")
    if not text:
        return None
    if os.environ.get("KISS_TEST") != "1":
        raise SystemExit("FAULT_AT is for tests and needs KISS_TEST=1.")
    try:
        return parse(text)
    except ValueError as error:
        raise SystemExit(str(error)) from None
