"""Any sequence of events: no crash, no trap, no word lost, no draft sent twice."""

from datetime import timedelta
from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.tickets.lifecycle import WORKING
from intake.dialogue import events as happens
from intake.dialogue import machine, wording
from intake.dialogue.events import MediaKind, NewsKind
from intake.dialogue.state import IDLE
from intake.language import LANGUAGES, Language
from tests.intake.dialogue.watch import Watch
from tests.intake.dialogue.world import UNITS

PHRASES = st.sampled_from(
    [
        "toilet kotor",
        "perawat di poli gigi kurang ramah",
        "antri obat tiga jam",
        "the nurse was very kind",
        "ibu saya sesak napas sekarang tolong",
        "nunggu suwe banget",
        "kata dokter besok",
        "kenapa",
        "TKT-20261124-0001 belum dijawab",
        "/lapor lampu mati",
        "/entah apa",
        "batal periksa karena hujan",
    ]
)
LABELS = sorted({word for key in wording.catalogues()["id"] if key.startswith("label.")
                 for word in wording.labels(key)} | {"1", "2", "3", "4", "5", "6", "9"}
                | {unit.name for unit in UNITS.all} | {unit.code for unit in UNITS.all}
                | {"halo", "terima kasih", "menu", "batal", "english", "indonesia", "bantuan"}
                | {"0812-0000-0001", "12", "Siti", "TKT-20261124-0001", "TKT-20991231-0001"}
                | {"0000-0000-0000-0001", "TKT-20261124-0002 0000-0000-0000-0002"})  # fmt: skip
BUTTONS = sorted({key.removeprefix("label.") for key in wording.catalogues()["id"]
                  if key.startswith("label.")})  # fmt: skip
SPANS = st.sampled_from(
    [timedelta(minutes=1), timedelta(minutes=11), timedelta(minutes=45), timedelta(hours=26),
     timedelta(days=8)]
)  # fmt: skip
DISCARDS = ("delete", "restart")


class Conversation(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.watch = Watch()

    @initialize(at=st.sampled_from(sorted(machine.SCREENS)), begun=st.booleans())
    def begins(self, at: str, begun: bool) -> None:
        if at != IDLE:
            self.watch.begin(at, begun=begun)

    # What the person does

    @rule(phrase=PHRASES, about=st.sampled_from([None, 0, 1]))
    def says(self, phrase: str, about: int | None) -> None:
        words = self.watch.marked(phrase)
        message = f"m{next(self.watch.numbers)}"
        reply_to = self.watch.number(about) if about is not None else None
        self.watch.happen(happens.Text(text=words, message=message, reply_to=reply_to))

    @rule(label=st.sampled_from(LABELS))
    def answers(self, label: str) -> None:
        self.watch.happen(happens.Text(text=label, message=f"m{next(self.watch.numbers)}"))

    @rule(place=st.integers(0, 9), lang=st.sampled_from(LANGUAGES))
    def answers_what_is_asked(self, place: int, lang: Language) -> None:
        state = self.watch.world.state
        offer = machine.SCREENS[state.at].offered(state, self.watch.world.facts())
        if offer:
            choice = offer.choices[place % len(offer.choices)]
            typed = wording.label(choice, lang)
            self.watch.happen(happens.Text(text=typed, message=f"m{next(self.watch.numbers)}"))

    @rule(text=st.text(max_size=60))
    def types_anything(self, text: str) -> None:
        self.watch.happen(happens.Text(text=text, message=f"m{next(self.watch.numbers)}"))

    @rule(place=st.integers(0, 9))
    def presses(self, place: int) -> None:
        offered = self.watch.world.offered()
        if offered:
            choice, version = offered[place % len(offered)]
            self.watch.happen(happens.Press(id=choice.id, about=choice.about, version=version))

    @rule(button=st.sampled_from(BUTTONS), about=st.integers(0, 2), version=st.integers(0, 5))
    def presses_something_old(self, button: str, about: int, version: int) -> None:
        about_what = self.watch.number(about) or ""
        self.watch.happen(happens.Press(id=button, about=about_what, version=version))

    @rule(
        kind=st.sampled_from(get_args(MediaKind)),
        size=st.sampled_from([1_000, 30_000_000]),
        phrase=PHRASES | st.just(""),
        group=st.sampled_from([None, "album"]),
    )
    def sends_a_file(self, kind: MediaKind, size: int, phrase: str, group: str | None) -> None:
        caption = self.watch.marked(phrase) if phrase else ""
        number = next(self.watch.numbers)
        media = happens.Media(
            kind=kind,
            ref=f"f{number}",
            size=size,
            caption=caption,
            group=group,
            message=f"m{number}",
        )
        self.watch.happen(media)

    @rule(back=st.integers(1, 8), phrase=PHRASES)
    def edits_a_message(self, back: int, phrase: str) -> None:
        number = next(self.watch.numbers)
        message = f"m{max(1, number - back)}"
        self.watch.forget(
            *(marker for marker, where in self.watch.typed.items() if where == message)
        )
        self.watch.happen(happens.Edited(message=message, text=self.watch.marked(phrase, message)))

    @rule(own=st.booleans())
    def shares_a_contact(self, own: bool) -> None:
        self.watch.happen(happens.Contact(phone="+6281200000001", own=own))

    @rule()
    def shares_a_place(self) -> None:
        self.watch.happen(happens.Location(latitude=-6.2, longitude=106.8))

    @rule()
    def sends_a_sticker(self) -> None:
        self.watch.happen(happens.Unsupported(kind="sticker"))

    @rule(payload=st.sampled_from(["", "u_GIGI", "u_gone", "t_0000-0000-0000-0001", "IGD-01", "x"]))
    def starts(self, payload: str) -> None:
        self.watch.happen(happens.Start(payload=payload))

    @rule(name=st.sampled_from(["lapor", "status", "help", "privasi", "bahasa", "batal", "foo"]))
    def commands(self, name: str) -> None:
        self.watch.happen(happens.Command(name=name))

    @rule()
    def is_in_a_group(self) -> None:
        self.watch.happen(happens.GroupChat())

    @rule()
    def blocks_and_comes_back(self) -> None:
        self.watch.happen(happens.Blocked())
        self.watch.happen(happens.Unblocked())

    # What others do

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.watch.wait(span)

    @precondition(lambda self: self.watch.world.linked)
    @rule(kind=st.sampled_from(get_args(NewsKind)), about=st.integers(0, 3))
    def staff_act(self, kind: NewsKind, about: int) -> None:
        number = self.watch.number(about)
        if number and self.watch.world.cases[number].ticket.status in WORKING:
            self.watch.world.staff(number, kind, "Sudah kami periksa.")
            self.watch.look()

    @rule()
    def another_channel_opens_a_ticket(self) -> None:
        self.watch.world.new_case(UNITS.all[1])

    @invariant()
    def all_is_well(self) -> None:
        self.watch.check()


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
