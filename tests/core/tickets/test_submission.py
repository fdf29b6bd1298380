"""Submissions, whatever is in them."""

from hypothesis import given
from hypothesis import strategies as st

from core.tickets.submission import LIMITS, Submission, Submitter, prepare

anything = st.text(st.characters(), max_size=300) | st.text(max_size=300)


@given(
    st.builds(
        Submission,
        channel=st.just("web"),
        key=anything,
        words=anything,
        kind=anything,
        title=st.none() | anything,
        language=anything,
        for_whom=st.none() | anything,
        submitter=st.builds(Submitter, name=st.none() | anything, phone=st.none() | anything),
        anonymous=st.booleans(),
        ip_address=st.none() | anything,
        user_agent=st.none() | anything,
        urgency=st.integers(),
    )
)
def test_any_submission_can_be_prepared(submission: Submission) -> None:
    ready = prepare(submission)

    assert ready.title
    assert len(ready.title) <= LIMITS["title"]
    assert 1 <= ready.urgency <= 5
    if ready.anonymous:
        assert ready.submitter.is_unknown
        assert (ready.ip_address, ready.user_agent) == (None, None)
