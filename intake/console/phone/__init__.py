"""The telephone desk: calls taken down, callers recognised, and people called back."""

from intake.console.phone.callbacks import Callbacks
from intake.console.phone.caller import Callers
from intake.console.phone.desk import PhoneDesk
from intake.console.phone.drafts import Drafts
from intake.console.phone.live import PhoneLines
from intake.console.phone.standing import Standing

PARTS = (PhoneDesk, Drafts, Callers, Standing, Callbacks, PhoneLines)

__all__ = ["PARTS"]
