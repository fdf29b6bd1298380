"""The telephone exchange tells who rings: signed, lately, once."""

import contextlib
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import text

from core.calls.ringing import rings
from core.ground.database import transaction
from core.ground.rate_limits import CALLS_ANNOUNCED, WRONG_SIGNATURES
from core.runtime import Runtime
from core.tickets.desk import Desk
from intake.channels.phone import open_channel
from intake.channels.phone.channel import PhoneChannel
from intake.channels.phone.settings import PhoneSettings
from intake.channels.phone.signing import SIGNATURE, TIMESTAMP, is_signed, sign
from tests.builders import MONDAY, Hands
from tests.serving import serve

SECRET = "a secret of the exchange"
CALL = {"id": "pbx-1", "from": "0812 0000 0001"}


@pytest.fixture
async def door(runtime: Runtime) -> AsyncIterator[str]:
    async with listening(runtime, SecretStr(SECRET)) as url:
        yield url


@contextlib.asynccontextmanager
async def listening(runtime: Runtime, secret: SecretStr | None) -> AsyncIterator[str]:
    app = web.Application()
    PhoneChannel(runtime, PhoneSettings(calls_secret=secret)).mount(app, Desk(runtime))
    async with serve(app) as url:
        yield f"{url}/api/v1/calls"


async def told(
    door: str, call: object, now: float, *, secret: str = SECRET, late: int = 0
) -> tuple[int, str]:
    body = call if isinstance(call, bytes) else json.dumps(call).encode()
    stamp = str(int(now) - late)
    headers = {TIMESTAMP: stamp, SIGNATURE: sign(secret, body, stamp)}
    async with (
        aiohttp.ClientSession() as session,
        session.post(door, data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def numbers(runtime: Runtime) -> list[str]:
    async with transaction(runtime.database) as session:
        return [ring.number for ring in await rings(session, runtime.clock())]


async def test_a_call_rings_for_three_minutes(runtime: Runtime, door: str, hands: Hands) -> None:
    status, _ = await told(door, CALL, hands.now.timestamp())
    during = await numbers(runtime)
    hands.move(minutes=4)
    after = await numbers(runtime)

    assert (status, during, after) == (202, ["+6281200000001"], [])


async def test_agents_are_woken(runtime: Runtime, door: str, hands: Hands) -> None:
    with runtime.bell.waiting("calls") as bell:
        await told(door, CALL, hands.now.timestamp())

        assert bell.is_set()


async def test_told_twice_it_rings_once(runtime: Runtime, door: str, hands: Hands) -> None:
    answers = [(await told(door, CALL, hands.now.timestamp()))[0] for _ in range(3)]

    assert answers == [202, 202, 202]
    assert await numbers(runtime) == ["+6281200000001"]


@pytest.mark.parametrize(
    ("how", "status"),
    [({"secret": "another secret altogether"}, 401), ({"late": 400}, 401), ({"late": -400}, 401)],
    ids=["forged", "old", "from the future"],
)
async def test_what_is_not_signed_lately_does_not_ring(
    runtime: Runtime, door: str, hands: Hands, how: dict[str, object], status: int
) -> None:
    answer = await told(door, CALL, hands.now.timestamp(), **how)  # type: ignore[arg-type]  # either

    assert answer[0] == status
    assert await numbers(runtime) == []


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ({"id": "x", "from": "Sari"}, 422),
        ({"id": "", "from": "081200000001"}, 422),
        ({"from": "081200000001"}, 422),
        ({"id": 1, "from": 2}, 422),
        ([], 422),
        (b"{", 400),
        (b'{"id": "a", "id": "b"}', 400),
        (b"x" * 5000, 413),
    ],
)
async def test_nonsense_gets_a_sentence(
    runtime: Runtime, door: str, hands: Hands, call: object, status: int
) -> None:
    answer = await told(door, call, hands.now.timestamp())

    assert answer[0] == status
    assert json.loads(answer[1])["error"]
    assert await numbers(runtime) == []


async def test_without_a_secret_there_is_no_door(runtime: Runtime, hands: Hands) -> None:
    async with listening(runtime, None) as door:
        answer = await told(door, CALL, hands.now.timestamp())

    assert answer[0] == 404


async def test_rings_older_than_an_hour_are_forgotten(
    runtime: Runtime, door: str, hands: Hands
) -> None:
    await told(door, CALL, hands.now.timestamp())
    hands.move(hours=2)

    await told(door, CALL | {"id": "pbx-2"}, hands.now.timestamp())

    async with transaction(runtime.database) as session:
        kept = (await session.scalars(text("SELECT external_id FROM ringing_calls"))).all()
    assert kept == ["pbx-2"]


def test_the_telephone_needs_no_settings(runtime: Runtime) -> None:
    channel = open_channel(runtime)

    assert (channel.name, channel.facts.reporting) == ("phone", "lisan")


@pytest.mark.parametrize("stamp", ["", "-1", "²", "1e9", "9" * 13, "x"])
def test_a_time_that_is_none_is_no_signature(stamp: str) -> None:
    signature = sign(SECRET, b"{}", stamp)

    assert not is_signed(SECRET, b"{}", timestamp=stamp, signature=signature, now=MONDAY)


async def test_wrong_signatures_wait_and_a_right_one_is_heard(
    runtime: Runtime, door: str, hands: Hands
) -> None:
    now = hands().timestamp()

    wrong = [
        (await told(door, CALL, now, secret="wrong"))[0] for _ in range(WRONG_SIGNATURES.burst + 2)
    ]
    right = await told(door, CALL, now)

    assert wrong == [401] * WRONG_SIGNATURES.burst + [429] * 2
    assert right[0] == 202
    assert runtime.refusals.take() == {WRONG_SIGNATURES.name: 2}


async def test_more_calls_than_a_telephone_system_has_are_put_off(
    runtime: Runtime, door: str, hands: Hands
) -> None:
    now = hands().timestamp()
    calls = [CALL | {"id": f"pbx-{number}"} for number in range(CALLS_ANNOUNCED.burst + 1)]

    statuses = [(await told(door, call, now))[0] for call in calls]
    hands.move(seconds=2)
    later = await told(door, calls[-1], now + 2)

    assert statuses == [202] * CALLS_ANNOUNCED.burst + [429]
    assert later[0] == 202
    assert runtime.refusals.take() == {CALLS_ANNOUNCED.name: 1}
