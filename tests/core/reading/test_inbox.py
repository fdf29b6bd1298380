"""The inbox's questions and verbs, each a transaction of its own."""

from dataclasses import replace
from uuid import UUID, uuid4

from core.access.scope import Reader
from core.reading.colleagues import Colleagues
from core.reading.filters import Wanted
from core.reading.inbox import Inbox, SearchLed
from core.reading.queues import QueueReader
from core.runtime import Runtime
from core.tickets.desk import Desk
from tests.builders import FARMASI, MELATI, OFFICER, submission
from tests.intake.console.staff import hire


def reader(*roles: str, units: frozenset[UUID] = frozenset()) -> Reader:
    return Reader(user_id=OFFICER, roles=frozenset(roles), units=units)


async def test_a_view_is_kept_by_name_asked_for_and_forgotten(runtime: Runtime) -> None:
    inbox = Inbox(runtime)

    kept = await inbox.keep(OFFICER, "Merah", Wanted(grade="red"), None)
    again = await inbox.keep(OFFICER, "Merah", Wanted(grade="none"), None)
    renamed = await inbox.keep(OFFICER, "Lain", Wanted(kind="complaint"), kept.id)

    assert again.id == kept.id
    assert renamed.wanted == Wanted(grade="none")  # what was shown, not what the form said
    views = await inbox.views(OFFICER, kept.id)
    assert [view.name for view in views.named] == ["Lain", "Merah"]
    assert views.asked == replace(kept, wanted=Wanted(grade="none"))
    await inbox.drop(OFFICER, kept.id)
    assert await inbox.view(OFFICER, kept.id) is None


async def test_a_view_of_somebody_else_is_none(runtime: Runtime) -> None:
    dewi = await hire(runtime, "dewi", "supervisor", unit_id=None)
    inbox = Inbox(runtime)
    kept = await inbox.keep(OFFICER, "Merah", Wanted(grade="red"), None)

    await inbox.drop(dewi.user_id, kept.id)

    assert await inbox.view(dewi.user_id, kept.id) is None
    assert (await inbox.views(dewi.user_id, kept.id)).asked is None
    assert await inbox.view(OFFICER, kept.id) == kept


async def test_a_number_leads_to_its_ticket_and_words_to_a_view(runtime: Runtime) -> None:
    receipt = await Desk(runtime).submit(submission())
    inbox = Inbox(runtime)

    by_number = await inbox.search(reader("supervisor"), Wanted(words=receipt.number))
    unseen = await inbox.search(reader("officer"), Wanted(words=receipt.number))
    by_words = await inbox.search(reader("supervisor"), Wanted(words="kepanasan"))

    assert by_number == SearchLed(number=receipt.number)
    assert unseen.number is None
    assert by_words.view_id is not None
    view = await inbox.view(OFFICER, by_words.view_id)
    assert view is not None
    assert view.wanted == Wanted(words="kepanasan")


async def test_counts_take_the_named_views_along(runtime: Runtime) -> None:
    await Desk(runtime).submit(submission())
    inbox, directory = Inbox(runtime), await runtime.directory.fresh()
    desk = QueueReader(reader=reader("supervisor"), directory=directory, now=runtime.clock())
    kept = await inbox.keep(OFFICER, "Keluhan", Wanted(queue="all", kind="complaint"), None)

    counted, given = await inbox.counts(desk), await inbox.counts(desk, ())

    assert counted[str(kept.id)] == 1
    assert str(kept.id) not in given


async def test_a_ticket_is_given_to_those_who_see_its_unit(runtime: Runtime) -> None:
    ayu = await hire(runtime, "ayu", "officer", unit_id=MELATI)
    budi = await hire(runtime, "budi", "officer", unit_id=FARMASI)
    receipt = await Desk(runtime).submit(submission())
    colleagues, directory = Colleagues(runtime), await runtime.directory.fresh()
    dewi = reader("supervisor")

    takers = await colleagues.takers(dewi, directory, receipt.number)

    assert takers is not None
    assert takers.ticket_id == receipt.ticket_id
    assert ayu.user_id in takers.ids
    assert budi.user_id not in takers.ids
    assert await colleagues.takers(reader("officer"), directory, receipt.number) is None
    assert await colleagues.takers(dewi, directory, f"TKT-{uuid4()}") is None
    assert {one.id for one in await colleagues.all(directory)} == {ayu.user_id, budi.user_id}
