"""Named steps at which a test kills the process."""

import pytest

from core.ground.faults import STEPS
from core.ground.faults import parse as parse_fault


def test_a_fault_names_a_step_of_ours() -> None:
    assert parse_fault(f"{STEPS[0]}:3") == (STEPS[0], 3)
    with pytest.raises(ValueError, match=r"submit\.before"):
        parse_fault("nowhere")
