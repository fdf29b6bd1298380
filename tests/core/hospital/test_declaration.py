"""Channels say of themselves what they are; what is not open any more sends nothing."""

from sqlalchemy import select

from core.ground.database import transaction
from core.hospital.channel import Channel
from core.hospital.declaration import Declaration, declare, introduce
from core.runtime import Runtime


def declared(**changes: object) -> Declaration:
    facts: dict[str, object] = {
        "name": "pigeon",
        "label": {"id": "Merpati", "en": "Pigeon"},
        "sign": "mail",
        "reporting": "lisan",
        "is_spoken": True,
        "tells_staff": False,
        "takes": None,
        "patience": "days",
        "can_send": True,
    }
    return Declaration(**(facts | changes))  # type: ignore[arg-type]  # keyword overrides


async def row(runtime: Runtime, name: str = "pigeon") -> Channel:
    async with transaction(runtime.database) as session:
        return (await session.scalars(select(Channel).where(Channel.name == name))).one()


async def test_a_channel_is_as_it_was_declared_last(runtime: Runtime) -> None:
    await introduce(runtime.database, {"pigeon"})
    introduced = await row(runtime)
    await declare(runtime.database, [declared()])
    first = await row(runtime)
    await declare(runtime.database, [declared(reporting="tulisan", is_spoken=False)])
    second = await row(runtime)

    assert (introduced.can_send, first.can_send) == (False, True)
    assert (first.reporting, first.is_spoken, first.patience) == ("lisan", True, "days")
    assert (second.reporting, second.is_spoken, second.label["en"]) == ("tulisan", False, "Pigeon")


async def test_introduced_again_a_channel_stays_as_it_is(runtime: Runtime) -> None:
    await declare(runtime.database, [declared()])
    await introduce(runtime.database, {"pigeon"})
    await introduce(runtime.database, set())

    assert (await row(runtime)).can_send


async def test_a_channel_that_left_sends_no_more(runtime: Runtime) -> None:
    await declare(runtime.database, [declared(), declared(name="drum")])
    await declare(runtime.database, [declared(name="drum")])

    assert not (await row(runtime)).can_send
    assert (await row(runtime, "drum")).can_send
