"""Submissions and follow-ups with anything in any field, as no channel should hand them in."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from core.tickets.follow_up import FollowUp
from core.tickets.submission import Address, StoredFile, Submission, Submitter
from tests.builders import MELATI, OFFICER, TOKEN

AZORES = timezone(timedelta(hours=-1))
WARD = "melati@rs.example.org"

hostile = st.text(st.characters(), max_size=30) | st.sampled_from(
    (
        "",
        "\0",
        "AC\0 mati \ud800\udfff",
        "\r\n\u2028\x1b[0m\x85",
        "e\u0301" * 40,
        "é" * 600,
        "👩‍⚕️" * 90,
        '{"a": "\\u0000"}',
        "'; DROP TABLE tickets; --",
    )
)
channels = st.sampled_from(("web", "email", "phone", "skeleton", "pigeon", "web:x", "")) | hostile
moments = (
    st.none()
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.just(AZORES))
    | st.sampled_from((datetime.min, datetime.max)).flatmap(  # noqa: DTZ901 - the very ends
        lambda at: st.sampled_from((at, at.replace(tzinfo=UTC), at.replace(tzinfo=AZORES)))
    )
)
addresses = st.builds(
    Address,
    channel=channels,
    address=st.sampled_from((WARD, WARD.upper(), "petugas@rs.example.org", "+6281200000000"))
    | hostile,
    confirmed=st.booleans(),
)
several_addresses = st.lists(addresses, max_size=4).map(tuple) | addresses.map(
    lambda one: tuple(
        Address(channel=one.channel, address=f"{one.address}{number}") for number in range(25)
    )
)
files = st.lists(
    st.builds(
        StoredFile,
        name=hostile,
        path=hostile | st.just("ab/abc"),
        size=st.integers(),
        mime_type=hostile,
        status=st.sampled_from(("stored", "pending", "gone")) | hostile,
        reason=st.none() | hostile,
        display_path=st.none() | hostile,
        remote_ref=st.none() | hostile,
        content_id=st.none() | hostile,
    ),
    max_size=3,
).flatmap(lambda some: st.sampled_from((tuple(some), tuple(some * 2))))
facts = st.dictionaries(
    hostile | st.just("remarks"),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from((10**4000, -(2**63)))
        | st.floats()
        | hostile
        | st.binary(max_size=8)
        | st.uuids(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hostile, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)
remarks = st.lists(hostile, max_size=3).map(tuple)
maybe = st.none() | hostile

submissions = st.builds(
    Submission,
    channel=channels,
    key=hostile,
    words=hostile,
    html=maybe,
    kind=st.sampled_from(("complaint", "rumour")) | hostile,
    title=maybe,
    language=st.sampled_from(("id", "en", "jv")) | hostile,
    received_at=moments,
    occurred_at=moments,
    qr_token=st.just(TOKEN) | maybe,
    unit_code=st.just("farmasi") | maybe,
    unit_id=st.none() | st.just(MELATI) | st.uuids(),
    recipient=st.just("apotek@rs.example.org") | maybe,
    category=st.just("PHR") | maybe,
    submitter=st.builds(
        Submitter,
        name=maybe,
        email=st.just(WARD) | maybe,
        phone=st.just("0812 0000 0000") | maybe,
        address=maybe,
    ),
    anonymous=st.booleans(),
    for_whom=maybe,
    addresses=several_addresses,
    call_back=st.booleans(),
    acknowledged=st.booleans(),
    files=files,
    urgency=st.integers() | st.just(10**5),
    remarks=remarks,
    facts=facts,
    entered_by=st.none() | st.just(OFFICER) | st.uuids(),
    reporting=maybe,
    ip_address=st.just("fe80::1%eth0") | maybe,
    user_agent=maybe,
)

follow_ups = st.builds(
    FollowUp,
    channel=channels,
    key=hostile,
    words=hostile,
    html=maybe,
    files=files,
    received_at=moments,
    remarks=remarks,
    facts=facts,
    automatic=st.booleans(),
)
