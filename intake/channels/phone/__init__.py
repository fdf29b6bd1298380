"""The telephone: reports come in through the agents' desk, news goes out onto the call-back list.

The desk itself is a page of the console (`intake/console/phone`). Here is what makes the telephone
a channel: a notice for somebody who can only be called becomes a call-back, and the exchange may
tell us who rings.
"""

from typing import TYPE_CHECKING

from core.hospital.contact import PHONE
from intake.channel_facts import ChannelFacts

if TYPE_CHECKING:
    from core.runtime import Runtime
    from intake.channels.phone.channel import PhoneChannel

FACTS = ChannelFacts(
    label={"id": "Telepon", "en": "Telephone"},
    sign="phone",
    reporting="lisan",
    is_spoken=True,
    takes=PHONE,
    settings=("intake.channels.phone.settings:PhoneSettings",),
)


def open_channel(runtime: "Runtime") -> "PhoneChannel":
    """Open the telephone. It needs no settings: people with receivers do the sending."""
    from intake.channels.phone.channel import PhoneChannel  # late: every `kiss` command reads FACTS
    from intake.channels.phone.settings import PhoneSettings

    return PhoneChannel(runtime, PhoneSettings())
