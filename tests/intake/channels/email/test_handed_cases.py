"""The small inputs that were handed over with a situation and what is right: those of the table."""

import pytest

from core.runtime import Runtime
from tests.intake.channels.email.postoffice import PostOffice
from tests.root import ROOT

CASES = ROOT.parent / "shared" / "cases"


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the repository")
@pytest.mark.parametrize(
    ("case", "sender", "reporter", "told"),
    [
        ("01-website-form-noreply-own-domain", "noreply@rs.example.org", "dewi@example.com", True),
        ("02-website-form-from-own-mailbox", "halo@rs.example.org", "joko@example.com", True),
        (
            "04-complaint-portal-with-list-unsubscribe",
            "aduan@portal.example.gov",
            "aduan@portal.example.gov",
            False,
        ),
        ("05-subject-begins-like-absence", "sari@example.net", "sari@example.net", True),
    ],
)
async def test_a_handed_case_is_a_ticket(
    runtime: Runtime, case: str, sender: str, reporter: str, told: bool
) -> None:
    office = PostOffice(runtime)

    await office.take((CASES / case / "input.eml").read_bytes(), sender=sender)

    [ticket] = await office.tickets()
    assert ticket["submitter_email"] == reporter
    assert [one["recipient_ref"] for one in await office.notices()] == [reporter] * told
