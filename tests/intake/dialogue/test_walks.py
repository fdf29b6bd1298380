"""Seeded walks from every screen: evenly drawn events, the same promises, every row visited."""

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from core.tickets.lifecycle import WORKING
from intake.dialogue import events as happens
from intake.dialogue import machine, wording
from intake.language import LANGUAGES
from tests.intake.dialogue.watch import Watch
from tests.intake.dialogue.world import UNITS

STEPS = 25
WALKS = 8
PHRASES = (
    "perawat kurang ramah kepada ibu saya",
    "toilet bau",
    "the waiting room is far too cold today",
    "antrine suwe banget nganti awan",
    "bapak tidak sadar tolong cepat",
)
SHORT = (
    "halo",
    "terima kasih",
    "ok",
    "👍",
    "Ubah",
    "Laporan baru",
    "menu",
    "batal",
    "english",
    "indonesia",
    "GIGI",
    "gigi",
    "12",
)
NUMBERS = (
    "0812-0000-0001",
    "12345678",
    "0000-0000-0000-0001",
    "0000-0000-0000-000U",
    "Siti Aminah",
)

Walk = tuple[Watch, random.Random]


def writes(watch: Watch, dice: random.Random) -> None:
    watch.happen(happens.Text(text=watch.marked(dice.choice(PHRASES)), message=watch.last()))


def writes_little(watch: Watch, dice: random.Random) -> None:
    watch.happen(happens.Text(text=dice.choice((*SHORT, *NUMBERS))))


def thanks_or_answers(watch: Watch, dice: random.Random) -> None:
    watch.happen(happens.Text(text=dice.choice(("terima kasih", "👍", "belum", "sudah"))))


def names_a_ticket(watch: Watch, dice: random.Random) -> None:
    number = dice.choice((*watch.world.cases, "TKT-20991231-0001"))
    code = dice.choice(("", " 0000-0000-0000-0003", " 9999-0000-0000-9999"))
    watch.happen(happens.Text(text=f"{number}{code}"))


def answers(watch: Watch, dice: random.Random) -> None:
    state = watch.world.state
    offer = machine.SCREENS[state.at].offered(state, watch.world.facts())
    assert offer
    choice = dice.choice(offer.choices)
    if dice.random() < 0.5:
        watch.happen(happens.Text(text=wording.label(choice, dice.choice(LANGUAGES))))
    else:
        watch.happen(happens.Press(id=choice.id, about=choice.about, version=state.version))


def presses_an_old_button(watch: Watch, dice: random.Random) -> None:
    shown = [(each, say.version) for say in watch.world.told for each in say.choices]
    if shown:
        choice, version = dice.choice(shown)
        watch.happen(happens.Press(id=choice.id, about=choice.about, version=version))


def sends_a_file(watch: Watch, dice: random.Random) -> None:
    kinds: tuple[happens.MediaKind, ...] = ("photo", "voice", "file")
    kind = dice.choice(kinds)
    size, caption = dice.choice((1_000, 30_000_000)), dice.choice(("", *PHRASES))
    caption = watch.marked(caption) if caption else ""
    group = dice.choice((None, "album"))
    media = happens.Media(
        kind=kind, ref="f", size=size, caption=caption, group=group, message=watch.last()
    )
    watch.happen(media)


def edits(watch: Watch, dice: random.Random) -> None:
    message = f"m{dice.randint(1, 30)}"
    watch.forget_message(message)
    text = watch.marked(dice.choice(PHRASES), message)
    watch.happen(happens.Edited(message=message, text=text))


def replies(watch: Watch, dice: random.Random) -> None:
    text = watch.marked(dice.choice(PHRASES))
    number = watch.number(dice.randint(0, 5))
    watch.happen(happens.Text(text=text, reply_to=number, message=watch.last()))


def sends_something_odd(watch: Watch, dice: random.Random) -> None:
    odd: tuple[happens.Event, ...] = (
        happens.Unsupported(kind="dice"),
        happens.Contact(phone="+6281200000001", own=True),
        happens.Contact(phone="+6281200000002", own=False),
        happens.Location(latitude=1, longitude=2),
        happens.GroupChat(),
        happens.Blocked(),
        happens.Unblocked(),
        happens.Timer(name="gone"),
        happens.Start(),
        happens.Start(payload="u_MATA"),
        happens.Start(payload="u_gone"),
        happens.Start(payload="t_0000-0000-0000-0001"),
        happens.Start(payload="t_gone"),
        happens.Command(name="status"),
        happens.Command(name="help"),
        happens.Command(name="privacy"),
        happens.Command(name="language"),
        happens.Command(name="nothing"),
    )
    watch.happen(dice.choice(odd))


def lets_time_pass(watch: Watch, dice: random.Random) -> None:
    watch.wait(timedelta(minutes=dice.choice((1, 12, 50, 60 * 25, 60 * 24 * 8))))


def hears_from_staff(watch: Watch, dice: random.Random) -> None:
    number = watch.number(dice.randint(0, 5))
    kinds: tuple[happens.NewsKind, ...] = ("question", "answer", "resolved", "passed_on", "closed")
    kind = dice.choice(kinds)
    if number and watch.world.cases[number].ticket.status in WORKING:
        watch.world.staff(number, kind, "Sudah kami periksa.")
        watch.look()


def another_channel_opens_a_ticket(watch: Watch, dice: random.Random) -> None:
    if len(watch.world.cases) < 6:
        watch.world.new_case(dice.choice(UNITS.all))


DEEDS: tuple[Callable[[Watch, random.Random], None], ...] = (
    answers, answers, answers, answers, writes, writes_little, thanks_or_answers, names_a_ticket,
    replies,
    presses_an_old_button, sends_a_file, edits, sends_something_odd, lets_time_pass,
    hears_from_staff, another_channel_opens_a_ticket,
)  # fmt: skip


def walk(at: str, seed: int, *, checked: bool = True) -> Watch:
    dice = random.Random(f"{at} {seed}")  # noqa: S311 - dice, not secrets
    watch = Watch()
    watch.begin(at, begun=dice.random() < 0.6)
    if dice.random() < 0.4:
        watch.world.change(watch.world.linked[0], status="closed", ended_by_person=True)
    for _ in range(STEPS):
        dice.choice(DEEDS)(watch, dice)
        if checked:
            watch.check()
    return watch


@pytest.mark.parametrize("at", machine.SCREENS)
@pytest.mark.parametrize("seed", range(WALKS))
def test_nothing_is_lost_and_nobody_is_trapped(at: str, seed: int) -> None:
    watch = walk(at, seed)

    assert len(watch.world.steps) >= STEPS // 2


def test_walks_visit_every_row_of_every_screen() -> None:
    unseen = {(name, row.when.name) for name, each in machine.SCREENS.items() for row in each.rows}

    for seed, at in product(range(100, 160), machine.SCREENS):
        steps = walk(at, seed, checked=False).world.steps if unseen else ()
        unseen -= {(turn.state.at, machine.decide(turn).when.name) for turn, _ in steps}

    assert unseen == set()
