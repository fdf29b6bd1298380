"""An adapter in memory: it does what the dialogue asks for, and keeps what came of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from core.tickets.codes_in_texts import candidates, cover
from core.tickets.lifecycle import Status, after
from intake.dialogue import effects as does
from intake.dialogue import machine, wording
from intake.dialogue.events import Event, Filed, Found, NewsKind, Scanned, Text, TicketNews, Timer
from intake.dialogue.facts import Facts, Limits, Phones, Ticket, Unit, Units
from intake.dialogue.machine import SCREENS, Step
from intake.dialogue.replies import Choice, Say
from intake.dialogue.state import State, dump, load
from intake.dialogue.turn import Turn

MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Tuesday, ten o'clock in Jakarta."""

UNITS = Units(
    all=(
        Unit(id="igd", code="IGD-01", name="IGD", aliases=("ugd", "unit gawat darurat")),
        Unit(id="gigi", code="GIGI", name="Poli Gigi", aliases=("dokter gigi", "dental clinic")),
        Unit(id="mata", code="MATA", name="Poli Mata", aliases=("eye clinic",)),
        Unit(id="far", code="FAR", name="Farmasi", aliases=("apotek", "pharmacy", "obat")),
        Unit(id="mawar", code="MWR", name="Ruang Mawar"),
        Unit(id="melati", code="MLT", name="Ruang Melati", aliases=("bangsal melati",)),
        Unit(id="kasir", code="KSR", name="Kasir", aliases=("pembayaran", "cashier")),
        Unit(id="desk", code="PUSAT", name="Meja Informasi", aliases=("front desk",)),
    ),
    busiest=("igd", "gigi", "mata", "far", "mawar", "melati"),
    desk="desk",
)
PHONES = Phones(
    igd="0800-0000-0001", emergency="119", crisis="0800-0000-0009", staff="0800-0000-0002"
)


def facts(**changes: object) -> Facts:
    plain = Facts(
        now=MORNING,
        zone="Asia/Jakarta",
        fresh="draft-1",
        hospital="RS Contoh",
        bot="@rs_contoh_bot",
        units=UNITS,
        phones=PHONES,
        form_url="https://rs.example.org/lapor",
        first_name="Sari",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # keyword overrides of Facts


def ticket(**changes: object) -> Ticket:
    plain = Ticket(
        number="TKT-20261124-0001",
        unit="Poli Gigi",
        status="open",
        since=MORNING,
        due=MORNING + timedelta(hours=24),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # keyword overrides of Ticket


@dataclass
class Case:
    """A ticket as staff would see it."""

    ticket: Ticket
    code: str
    kind: str = "complaint"
    unit: str = "desk"
    words: str = ""
    files: list[str] = field(default_factory=list)
    name: str | None = None
    phone: str | None = None
    anonymous: bool = True
    urgent: bool = False
    comments: list[str] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)
    retracted: list[str] = field(default_factory=list)
    unsaid: int = 0
    stars: int | None = None
    opinions: list[str] = field(default_factory=list)
    confirmed: bool = False
    draft_id: str = ""


@dataclass
class World:
    """One chat, its tickets, and a clock that only moves when told."""

    limits: Limits = field(default_factory=Limits)
    now: datetime = MORNING
    stored: str = field(default_factory=lambda: json.dumps(dump(State())))
    cases: dict[str, Case] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    surveys: list[does.SaveSurvey] = field(default_factory=list)
    alarms: list[does.RaiseAlarm] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    timers: dict[str, datetime] = field(default_factory=dict)
    told: list[Say] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    steps: list[tuple[Turn, Step]] = field(default_factory=list)
    """Every step that was taken, for those who want to look closer."""
    refused: list[str] = field(default_factory=list)
    left: int = 0
    notices: bool = True
    ids: int = 0

    @property
    def state(self) -> State:
        return load(json.loads(self.stored), frozenset(SCREENS))

    def facts(self) -> Facts:
        self.ids += 1
        tickets = tuple(self.cases[number].ticket for number in reversed(self.linked))
        opened = [each.ticket for each in self.state.opened if each.ticket not in self.linked]
        lately = (replace(self.cases[each].ticket, is_linked=False) for each in opened)
        tickets = (*lately, *tickets)
        own = [case for case in self.cases.values() if case.draft_id]
        today = [case for case in own if self.now - case.ticket.since < timedelta(hours=24)]
        return facts(
            now=self.now,
            fresh=f"fresh-{self.ids}",
            tickets=tickets,
            filed_today=len(today),
            limits=self.limits,
        )

    def happen(self, event: Event) -> tuple[Say, ...]:
        """Let one event happen, with everything that the dialogue asks for; return the replies."""
        event = self.without_codes(event)
        turn, notices = machine.read(self.state, event, self.facts())
        taken = machine.finish(turn, machine.decide(turn).act(turn), notices)
        self.steps.append((turn, taken))
        self.stored = json.dumps(dump(taken.state))
        self.told += taken.replies
        self.texts += [wording.numbered(say, taken.state.lang) for say in taken.replies]
        said = taken.replies
        for effect in taken.effects:
            answer = self.do(effect)
            said += self.happen(answer) if answer else ()
        return said

    def offered(self) -> tuple[tuple[Choice, int], ...]:
        """Return the buttons of the last message that had any, with their version."""
        last = next((say for say in reversed(self.told) if say.choices), None)
        return tuple((choice, last.version) for choice in last.choices) if last else ()

    def wait(self, span: timedelta) -> None:
        """Move the clock, ringing what was scheduled on the way."""
        end = self.now + span
        while due := [(at, name) for name, at in self.timers.items() if at <= end]:
            self.now, name = min(due)
            del self.timers[name]
            self.happen(Timer(name=name))
        self.now = end

    def do(self, effect: does.Effect) -> Event | None:  # noqa: C901, PLR0912 - one row per effect
        """Do what an effect asks; return the event that answers it, if it is a question."""
        match effect:
            case does.Submit():
                return self.file(effect)
            case does.AddComment(ticket=number):
                self.comment(effect)
                self.move(number, "follow_up", asked_at=None, ended_by_person=False)
            case does.Retract(ticket=number):
                self.cases[number].retracted += effect.messages
            case does.Reopen(ticket=number):
                self.move(number, "follow_up")
            case does.ConfirmResolved(ticket=number):
                self.cases[number].confirmed = True
                self.change(number, ended_by_person=True)
                if self.cases[number].ticket.status == Status.RESOLVED:
                    self.move(number, "confirm")
            case does.SaveStars(ticket=number, stars=stars):
                self.cases[number].stars = stars
                self.change(number, rated_at=self.now)
            case does.SaveStarsComment(ticket=number, said=said):
                self.cases[number].opinions += [each.text for each in said]
            case does.SaveSurvey():
                self.surveys.append(effect)
            case does.RaiseAlarm():
                self.alarms.append(effect)
            case does.FetchFile(file=file):
                self.fetched.append(file.ref)
            case does.Schedule(name=name, at=at):
                self.timers[name] = at
            case does.LinkChat(ticket=number):
                self.link(number)
            case does.NoteRefusal(limit=limit):
                self.refused.append(limit.name)
            case does.ReadTicketLink(token=token):
                return Found(ticket=next(self.by_code(token), None))
            case does.ReadPoster(token=token):
                unit = UNITS.by_code(token)
                return Scanned(unit=unit.id if unit else None, qr_code=f"qr-{token}")
            case does.StopNotices():
                self.notices = False
            case does.ResumeNotices():
                self.notices = True
            case does.LeaveChat():
                self.left += 1
        return None

    def file(self, effect: does.Submit) -> Filed:
        """File a draft; the same draft_id is the same ticket."""
        known = [case for case in self.cases.values() if case.draft_id == effect.draft_id]
        case = known[0] if known else self.new_case(UNITS.get(effect.unit))
        case.draft_id, case.kind, case.words = effect.draft_id, effect.kind, effect.words
        case.files = [said.file.ref for said in effect.said if said.file]
        case.name, case.phone = effect.name, effect.phone
        case.anonymous, case.urgent = effect.anonymous, effect.urgent
        self.link(case.ticket.number)
        return Filed(draft_id=effect.draft_id, ticket=case.ticket)

    def new_case(self, unit: Unit | None) -> Case:
        """Open a ticket, as any channel may."""
        unit = unit or UNITS.all[-1]
        number = f"TKT-20261124-{len(self.cases) + 1:04d}"
        code = f"0000-0000-0000-{len(self.cases) + 1:04d}"
        due = self.now + timedelta(hours=24)
        opened = ticket(number=number, unit=unit.name, since=self.now, due=due)
        self.cases[number] = Case(ticket=opened, code=code, unit=unit.id)
        return self.cases[number]

    def comment(self, effect: does.AddComment) -> None:
        """Put a comment on its ticket."""
        case = self.cases[effect.ticket]
        words = "\n\n".join(said.text for said in effect.said if said.text)
        (case.edits if effect.edited else case.comments).append(words)
        case.unsaid += effect.unsaid
        case.files += [said.file.ref for said in effect.said if said.file]

    def staff(self, number: str, kind: NewsKind, words: str = "") -> None:
        """Let staff do something, and the person be told."""
        changes: dict[str, object] = {"answer": words or self.cases[number].ticket.answer}
        if kind == "question":
            changes["asked_at"] = self.now
        verbs = {"question": "ask", "answer": "reply", "resolved": "resolve", "closed": "close"}
        self.move(number, verbs.get(kind, "note"), **changes)
        self.happen(TicketNews(ticket=self.cases[number].ticket, kind=kind))

    def move(self, number: str, verb: str, **changes: object) -> None:
        """Move a ticket through its life."""
        self.change(number, status=after(verb, self.cases[number].ticket.status), **changes)

    def change(self, number: str, **changes: object) -> None:
        """Change what the chat may see of a ticket."""
        case = self.cases[number]
        changes = {"heard_at": self.now} | changes
        case.ticket = replace(case.ticket, **changes)  # type: ignore[arg-type]  # of Ticket

    def link(self, number: str) -> None:
        """Tell this chat about that ticket from now on."""
        if number not in self.linked:
            self.linked.append(number)

    def without_codes(self, event: Event) -> Event:
        """Cover the codes of tickets, as the adapter does before the dialogue hears of them."""
        if not isinstance(event, Text):
            return event
        found = {code: case for case in self.cases.values() for code in candidates([event.text])
                 if case.code == code}  # fmt: skip
        if not found:
            return event
        [*codes] = found
        return replace(event, text=cover(event.text, codes), opens=found[codes[0]].ticket)

    def by_code(self, code: str) -> Iterator[Ticket]:
        """Return the tickets with that code."""
        return (case.ticket for case in self.cases.values() if case.code == code)
