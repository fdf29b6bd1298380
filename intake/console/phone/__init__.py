"""The telephone desk: calls taken down, callers recognised, and people called back."""

from intake.console.phone.callbacks import Callbacks
from intake.console.phone.caller import CallerPart
from intake.console.phone.desk import PhoneDesk
from intake.console.phone.drafts import Drafts
from intake.console.phone.earlier_report import EarlierReport
from intake.console.phone.event_streams import PhoneStreams
from intake.console.phone.noted_call import LateWords

PARTS = (PhoneDesk, Drafts, CallerPart, EarlierReport, Callbacks, LateWords, PhoneStreams)

__all__ = ["PARTS"]
