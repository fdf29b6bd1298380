"""Every status has its words for every reader."""

import pytest

from core.tickets.lifecycle import MOVES, WORKING, Status
from intake.dialogue.wording import catalogues
from intake.statuses import STATUSES


@pytest.mark.parametrize("status", Status)
def test_a_status_is_called_something_everywhere(status: Status) -> None:
    words = STATUSES[status]

    assert status in MOVES[words.verb].values()
    assert bool(words.ahead) is (status in WORKING)
    assert [chat for chat in catalogues().values() if not chat.get(f"status.{status}")] == []
