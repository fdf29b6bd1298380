"""Our own mails, as the common programs of Indonesia write them: all of them, exactly."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.channels.email.understanding.understand import understand

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.eml"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_understood_exactly(path: Path) -> None:
    expected: dict[str, Any] = yaml.safe_load(path.with_suffix(".yaml").read_text("utf-8"))

    answer = understand(path.read_bytes()).as_contract()

    answer["attachments"] = [one["filename"] for one in answer["attachments"]]
    assert {key: answer[key] for key in expected} == expected


def test_there_are_enough_samples_to_mean_something() -> None:
    assert len(SAMPLES) >= 40
