"""What a channel says of itself, whether it is configured here or not. Loads nothing heavy.

Each folder under `intake/channels/` has `FACTS = ChannelFacts(…)` in its `__init__`. What the
house must know of a channel stands here, so that nothing outside its folder names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.hospital.contact import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProcess:
    """A `kiss` command that opens this door alone; `kiss web` then leaves it out."""

    command: str
    short_help: str
    help: str
    off: str
    """The sentence for an operator who starts it while the channel is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where the door listens, for the table that `kiss run` shows at its start."""

    what: str
    where: str
    """`{}` stands for the value of the setting."""
    setting: str
    """The environment variable that holds the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """The declaration of one channel."""

    label: Mapping[str, str]
    """What staff call it: `{"id": …, "en": …}`."""
    sign: str
    """The picture beside it: a name in `templates/icons.html`."""
    reporting: str = "tulisan"
    """How the KWTK form counts what comes this way: lisan, tulisan or media massa."""
    is_spoken: bool = False
    """Whether somebody has to speak: tried last, and only for news worth a call."""
    tells_staff: bool = False
    """Whether staff and units are told by it, at their e-mail address."""
    takes: Contact | None = None
    """What people or staff may type that is an address of it: EMAIL, PHONE, or nothing."""
    patience: str = "hours"
    """How long news is tried: a name in `core/jobs/retry_schedule.py`, `hours` or `days`."""
    how_to_open: str | None = None
    """What an operator has to do while it is off, after "To open NAME"."""
    listening: Listening | None = None
    process: OwnProcess | None = None
    commands: Mapping[str, str] = field(default_factory=dict)
    """`kiss` commands of its own: name → "module:attribute"."""
    doctor: str | None = None
    """What `kiss doctor` asks of it: "module:function", an async function that gives a Finding."""
    settings: tuple[str, ...] = ()
    """Its classes of settings, "module:class": read before anything begins, so that a wrong one is
    told at once."""
    quiet_loggers: tuple[str, ...] = ()
    """Loggers of its libraries whose ordinary remarks hold addresses, tokens or noise."""
