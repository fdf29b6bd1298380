"""The telephone: reports come in through the agents' desk, news goes out onto the call-back list.

The desk itself is a page of the console (`intake/console/phone`). Here is what makes the telephone
a channel: a notice for somebody who can only be called becomes a call-back, and the exchange may
tell us who rings.
"""

from core.runtime import Runtime
from intake.channels.phone.channel import PhoneChannel
from intake.channels.phone.settings import PhoneSettings


def open_channel(runtime: Runtime) -> PhoneChannel:
    """Open the telephone. It needs no settings: people with receivers do the sending."""
    return PhoneChannel(runtime, PhoneSettings())
