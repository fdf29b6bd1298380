"""The word of our own server, and of nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runtime import Runtime
from intake.channels.email.authenticity import UNKNOWN, said_by
from tests.intake.channels.email.door import mail
from tests.intake.channels.email.postoffice import MX, PostOffice


async def test_without_a_resolver_nothing_is_asked(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(mail("Halo.", Authentication_Results="mx.example.org; dmarc=pass"))

    [message] = await office.messages()
    assert message["remarks"]["mail"]["authenticity"]["verified"] is False


@pytest.mark.parametrize(
    ("peer", "header", "verified"),
    [
        ("127.0.0.1", "mx.rs.example.org; dmarc=pass header.from=example.org", True),
        ("127.0.0.1", "mx.rs.example.org; dmarc=fail header.from=example.org", False),
        ("127.0.0.1", "mx.evil.example; dmarc=pass", False),
        ("127.0.0.1", "mx.rs.example.org.evil.example; dmarc=pass", False),
        (MX, "mx.rs.example.org; dmarc=pass header.from=example.org", False),
        ("127.0.0.1", "mx.rs.example.org; ((((", False),
    ],
)
async def test_only_our_own_server_is_believed_and_only_from_its_own_hand(
    runtime: Runtime, peer: str, header: str, verified: bool
) -> None:
    office = PostOffice(runtime, {"authserv_id": "mx.rs.example.org"})

    await office.take(mail("Halo.", Authentication_Results=header), peer=peer)

    [message] = await office.messages()
    assert message["remarks"]["mail"]["authenticity"]["verified"] is verified


def test_the_topmost_word_of_our_server_counts() -> None:
    headers = (
        ("authentication-results", "mx.example.org; dmarc=fail"),
        ("authentication-results", "mx.example.org; dmarc=pass"),
    )

    assert said_by("mx.example.org", headers).failed
    assert said_by("other.example.org", headers) is UNKNOWN


@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(["mx.example.org", ";", " dmarc=", "pass", "fail", " spf=", "(", " dkim="]),
        max_size=9,
    ).map("".join)
)
def test_any_authentication_results_are_survived(value: str) -> None:
    found = said_by("mx.example.org", (("authentication-results", value),))

    assert found == UNKNOWN or found.by == "mx.example.org"
    assert found.verified is (found.dmarc == "pass")
