"""The public mail corpus, where it lies beside the repository: no crash, nothing slow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.root import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "email"

FLOORS: dict[tuple[str, str], float] = {
    # (set, field) → share of right answers that must not be lost again
    ("zammad", "body"): 0.97,
    ("stalwart", "text"): 0.98,
    ("discourse", "reply"): 0.95,
    ("crisp_forward", "forwarded"): 0.97,
    ("crisp_forward", "body"): 0.97,
    ("email_reply_trimmer", "reply"): 0.80,
    ("email_reply_trimmer", "nothing_lost"): 1.0,
    ("crisp_reply", "reply"): 0.80,
    ("sisimai", "bounce"): 0.98,
    ("sisimai", "hard"): 0.85,
    ("sisimai", "reason"): 0.85,
    ("flufl_bounce", "bounce"): 0.98,
    ("flufl_bounce", "recipients"): 0.95,
    ("sa_public_corpus", "no_bounce"): 0.997,
    ("redmine", "no_bounce"): 0.997,
}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(
    not (CORPUS / "score.py").is_file(),
    reason="the public mail corpus is not beside the repository (../shared/corpus/email)",
)
def test_corpus_is_understood(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    kiss = f'{sys.executable} -c "from intake.cli import main; main()" parse-mail --many'

    done = subprocess.run(
        [sys.executable, CORPUS / "score.py", "--jobs", "1", "--json", figures, "--", kiss],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    result = json.loads(figures.read_text())
    assert (result["crashes"], result["slow"], result["lost_words"]) == (0, 0, 0)
    for (name, field), floor in FLOORS.items():
        right, total = result["sets"][name][field]
        assert right >= floor * total, (name, field, right, total)
