"""Every limit on how much somebody may ask of us, or we of somebody, in one table. Pure.

Three ways of counting, since three kinds of things are counted:

- a bucket: so many are free at once, then another one every so often. All processes share it
  (`stored_buckets.py`; Telegram's `pacing.py` takes two at once from the same table), or each has
  its own where only speed is at stake (`network_buckets.py`);
- a window: so many within the time that has just passed, counted in rows or in a state that are
  there anyway;
- a cap: so many at the same moment.

What is no limit of this kind stands elsewhere: sizes of mails, forms and files; how slow a body may
come (`intake/uploads/receive.py`); how often a notice is tried (`core/jobs/retry_schedule.py`); how
much of our own work is done side by side.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What every row of the table says."""

    name: str
    per: str
    """Whose share it is."""
    beyond: str
    """What happens to one too many."""
    applied_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLimit(Limit):
    """`burst` at once, then one more every `refill`."""

    burst: int
    refill: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowLimit(Limit):
    """At most `most` within a time."""

    most: int
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(Limit):
    """At most `most` at the same moment."""

    most: int


_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)

# fmt: off
# Signing in. Nobody is locked out: a browser in which the account was signed in before has a bucket
# of its own, so that nobody who hammers at an account from elsewhere can make its owner wait.
KNOWN_BROWSER: Final = BucketLimit(
    name="browser", burst=10, refill=30 * _SECOND, per="account and browser that knows it",
    beyond="429: wait", applied_in="core/people/sign_in.py")
ACCOUNT_FROM_ADDRESS: Final = BucketLimit(
    name="pair", burst=5, refill=60 * _SECOND, per="account and network",
    beyond="429: wait", applied_in="core/people/sign_in.py")
ACCOUNT_FROM_ANYWHERE: Final = BucketLimit(
    name="account", burst=100, refill=20 * _SECOND, per="account",
    beyond="429: wait", applied_in="core/people/sign_in.py")
ADDRESS: Final = BucketLimit(  # wide: a whole hospital may stand behind one address
    name="address", burst=60, refill=5 * _SECOND, per="network",
    beyond="429: wait", applied_in="core/people/sign_in.py")
SECOND_FACTOR: Final = BucketLimit(
    name="code", burst=5, refill=60 * _SECOND, per="account and network",
    beyond="429: wait", applied_in="core/people/sign_in.py")

# Reports and questions coming in. No report is refused.
WEB_REPORTS: Final = BucketLimit(
    name="web reports", burst=60, refill=2 * _SECOND, per="network and process",
    beyond="the form comes back and is sent again after a pause",
    applied_in="intake/channels/web/context.py")
TRACKING_GUESSES: Final = BucketLimit(
    name="tracking codes", burst=30, refill=5 * _SECOND, per="network and process",
    beyond="429; a right code costs nothing", applied_in="intake/channels/web/context.py")
MAILS: Final = BucketLimit(
    name="mails", burst=120, refill=_MINUTE / 120, per="network and process; not our own servers",
    beyond="450: the peer sends it later", applied_in="intake/channels/email/smtp/limits.py")
MAIL_CONNECTIONS: Final = Cap(
    name="mail connections", most=300, per="process",
    beyond="421: the peer comes again", applied_in="intake/channels/email/smtp/limits.py")
MAIL_CONNECTIONS_OF_PEER: Final = Cap(
    name="mail connections of a peer", most=20, per="network and process; not our own servers",
    beyond="421: the peer comes again", applied_in="intake/channels/email/smtp/limits.py")
REPORTS_OF_MAILBOX: Final = WindowLimit(
    name="reports from a mailbox", most=10, within=60 * _MINUTE, per="address of a sender",
    beyond="each is still a ticket, and says so to staff",
    applied_in="intake/channels/email/reporter_mail.py")
CHAT_MESSAGES: Final = WindowLimit(
    name="chat messages", most=20, within=_MINUTE, per="chat",
    beyond="told once, then silence; the words are kept", applied_in="intake/dialogue/facts.py")
CHAT_REPORTS: Final = WindowLimit(
    name="chat reports", most=5, within=timedelta(hours=24), per="chat",
    beyond="told whom to call; the draft stays", applied_in="intake/dialogue/facts.py")

# Answers going out.
MAIL_ANSWERS: Final = WindowLimit(
    name="automatic answers", most=3, within=REPORTS_OF_MAILBOX.within, per="address of a sender",
    beyond="filed without an answer", applied_in="intake/channels/email/auto_reply.py")
CONFIRMATIONS: Final = BucketLimit(
    name="confirmations", burst=5, refill=12 * _MINUTE, per="address nobody confirmed",
    beyond="the notice of receipt is not sent", applied_in="core/deliveries/confirmation_limit.py")
TELEGRAM: Final = BucketLimit(
    name="telegram", burst=1, refill=_SECOND / 28, per="bot",
    beyond="sent when it may be", applied_in="intake/channels/telegram/pacing.py")
TELEGRAM_CHAT: Final = BucketLimit(
    name="telegram chat", burst=1, refill=_SECOND, per="chat",
    beyond="sent when it may be", applied_in="intake/channels/telegram/pacing.py")
TELEGRAM_GROUP: Final = BucketLimit(
    name="telegram group", burst=1, refill=3 * _SECOND, per="group",
    beyond="sent when it may be", applied_in="intake/channels/telegram/pacing.py")

# Pages that stay open for news.
TRACKING_STREAMS: Final = Cap(
    name="open tracking pages", most=500, per="process",
    beyond="204: the page is not live", applied_in="intake/channels/web/event_stream.py")
CHAT_STREAMS: Final = Cap(
    name="open chats", most=500, per="process",
    beyond="204: the page is not live", applied_in="intake/channels/webchat/event_stream.py")
STAFF_STREAMS: Final = Cap(
    name="open console pages", most=400, per="process and part of the console",
    beyond="204: the page is not live", applied_in="intake/console/event_streams.py")
# fmt: on
