"""Every limit on how much somebody may ask of us, or we of somebody, in one table. Pure.

Four ways of counting, since four kinds of things are counted:

- a bucket: so many are free at once, then another one every so often. All processes share it
  (`stored_buckets.py`; Telegram's `pacing.py` takes two at once from the same table), or each has
  its own where only speed is at stake (`network_buckets.py`);
- a window: so many within the time that has just passed, counted in rows or in a state that are
  there anyway;
- a cap: so many at the same moment;
- a pace: so much at least, of whoever holds a place while sending.

What is no limit of this kind stands elsewhere: sizes of mails, forms and files; how slow a form may
come (`intake/uploads/receive.py`); how often a notice is tried (`core/jobs/retry_schedule.py`); how
much of our own work is done side by side.
"""

from datetime import timedelta
from typing import Final

from core.ground.limit import BucketLimit, Cap, Limit, Pace, WindowLimit

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
    name="address", burst=60, refill=5 * _SECOND, per="network; failures alone",
    beyond="each account has fewer attempts from there; nobody waits for another's failures",
    applied_in="core/people/sign_in.py")
ACCOUNT_FROM_CROWD: Final = BucketLimit(  # what bounds one password tried on every account
    name="pair in a crowd", burst=3, refill=5 * _MINUTE,
    per="account and network from which too many attempts failed",
    beyond="429: wait", applied_in="core/people/sign_in.py")
SECOND_FACTOR: Final = BucketLimit(
    name="code", burst=5, refill=60 * _SECOND, per="account and network",
    beyond="429: wait", applied_in="core/people/sign_in.py")
WRONG_LINKS: Final = BucketLimit(
    name="wrong links", burst=60, refill=5 * _SECOND, per="network and process",
    beyond="429 to wrong links; a right one always opens",
    applied_in="intake/console/sign_in.py")

# Staff at the telephone and at tickets. Nobody is kept from a ticket: it may be an emergency.
PROOFS_OF_TICKET: Final = BucketLimit(
    name="proofs of a caller", burst=5, refill=6 * _MINUTE, per="agent and ticket; a right one"
    " costs nothing", beyond="not looked at: wait, or leave a note",
    applied_in="core/calls/proving.py")
PROOFS_OF_AGENT: Final = BucketLimit(
    name="proofs of an agent", burst=60, refill=_MINUTE, per="agent",
    beyond="not looked at: wait, or leave a note", applied_in="core/calls/proving.py")
OPENED_BY_NUMBER: Final = WindowLimit(
    name="tickets opened by number", most=30, within=60 * _MINUTE,
    per="agent; different tickets whose caller proved nothing",
    beyond="opened all the same; supervisors are told", applied_in="core/review/series.py")
OPENED: Final = WindowLimit(
    name="tickets opened", most=150, within=60 * _MINUTE, per="reader; different tickets",
    beyond="opened all the same; supervisors are told", applied_in="core/review/series.py")

# Reports and questions coming in. No report is refused.
WEB_REPORTS: Final = BucketLimit(
    name="web reports", burst=600, refill=2 * _SECOND,  # a whole ward at once
    per="network and process", beyond="the form comes back and is sent again after a pause",
    applied_in="intake/channels/web/context.py")
TRACKING_GUESSES: Final = BucketLimit(
    name="tracking codes", burst=30, refill=5 * _SECOND, per="network and process",
    beyond="429 to wrong codes; a right one always opens",
    applied_in="intake/channels/web/context.py")
CHATS_BEGUN: Final = BucketLimit(
    name="web chats begun", burst=600, refill=5 * _SECOND,  # a whole ward at once
    per="network and process", beyond="429: what was typed stays, and is sent after a pause",
    applied_in="intake/channels/webchat/page.py")
UPLOADS: Final = Cap(
    name="uploads under way", most=400, per="process",
    beyond="the words are taken without the file, which is named; what stands still gives way",
    applied_in="intake/uploads/quota.py")
UPLOADS_OF_NETWORK: Final = Cap(
    name="uploads under way of a network", most=250, per="network, of staff account; and process",
    beyond="the words are taken without the file, which is named; what stands still gives way",
    applied_in="intake/uploads/quota.py")
UPLOADED_FILES: Final = BucketLimit(
    name="uploaded files", burst=2000, refill=2 * _SECOND,
    per="network, of staff account; and process",
    beyond="the words are taken without the file, which is named",
    applied_in="intake/uploads/quota.py")
UPLOADED_MEGABYTES: Final = BucketLimit(
    name="uploaded megabytes", burst=2048, refill=2 * _SECOND,
    per="network, of staff account; and process",
    beyond="the words are taken without the file, which is named",
    applied_in="intake/uploads/quota.py")
UPLOADED_IN_ALL: Final = BucketLimit(
    name="uploaded megabytes in all", burst=16384, refill=_SECOND / 2, per="process",
    beyond="the words are taken without the file, which is named",
    applied_in="intake/uploads/quota.py")
CALLS_ANNOUNCED: Final = BucketLimit(
    name="calls announced", burst=300, refill=_SECOND, per="process",
    beyond="429: the telephone system says it again",
    applied_in="intake/channels/phone/exchange.py")
WRONG_SIGNATURES: Final = BucketLimit(
    name="wrong signatures", burst=60, refill=_SECOND, per="network and process",
    beyond="429 to wrong ones; a right one is always heard",
    applied_in="intake/channels/phone/exchange.py")
MAILS: Final = BucketLimit(
    name="mails", burst=120, refill=_MINUTE / 120, per="network and process; not our own servers",
    beyond="450: the peer sends it later", applied_in="intake/channels/email/smtp/limits.py")
MAIL_CONNECTIONS: Final = Cap(
    name="mail connections", most=300, per="process",
    beyond="421 for the idlest of the network that has most; it comes again",
    applied_in="intake/channels/email/smtp/limits.py")
MAIL_CONNECTIONS_OF_PEER: Final = Cap(
    name="mail connections of a peer", most=20, per="network and process; not our own servers",
    beyond="421 for its own idlest, else for the new one",
    applied_in="intake/channels/email/smtp/limits.py")
MAIL_CONNECTIONS_OF_WIDE_NETWORK: Final = Cap(
    name="mail connections of a wide network", most=60,
    per="/24 or /48 and process; not our own servers",
    beyond="421 for its own idlest, else for the new one",
    applied_in="intake/channels/email/smtp/limits.py")
MAIL_BYTES_ARRIVING: Final = Cap(
    name="bytes of mail arriving", most=768 << 20, per="process; they lie on the disk",
    beyond="421 for the slowest of the network that has most, else 452 for the new one",
    applied_in="intake/channels/email/smtp/limits.py")
MAIL_BYTES_ARRIVING_OF_PEER: Final = Cap(
    name="bytes of mail arriving of a peer", most=128 << 20,
    per="network and process; not our own servers",
    beyond="452: the peer sends it later", applied_in="intake/channels/email/smtp/limits.py")
MAIL_BYTES_ARRIVING_OF_WIDE_NETWORK: Final = Cap(
    name="bytes of mail arriving of a wide network", most=256 << 20,
    per="/24 or /48 and process; not our own servers",
    beyond="452: the peer sends it later", applied_in="intake/channels/email/smtp/limits.py")
MAIL_PACE: Final = Pace(  # the line of a satellite carries ten times as much
    name="pace of a mail", least_bytes=32 << 10, within=60 * _SECOND, per="mail under way",
    beyond="421: the peer sends it again", applied_in="intake/channels/email/smtp/limits.py")
MAIL_REPORTS: Final = BucketLimit(
    name="reports by mail", burst=10, refill=6 * _MINUTE,
    per="mailbox of a writer, however it is spelled; not of a trusted source",
    beyond="the mail waits on the review desk", applied_in="intake/channels/email/mail_counts.py")
MAIL_REPORTS_OF_DOMAIN: Final = BucketLimit(
    name="reports by mail of a domain", burst=200, refill=_MINUTE,
    per="domain of a writer, unless anybody may have a mailbox there; not of a trusted source",
    beyond="the mail waits on the review desk", applied_in="intake/channels/email/mail_counts.py")
MAIL_REPORTS_AT_MAILBOX: Final = BucketLimit(
    name="reports by mail to a mailbox", burst=1500, refill=3 * _SECOND, per="mailbox of ours",
    beyond="the mail waits on the review desk", applied_in="intake/channels/email/mail_counts.py")
MAIL_REPORTS_IN_ALL: Final = BucketLimit(
    name="reports by mail in all", burst=3000, refill=2 * _SECOND, per="installation",
    beyond="the mail waits on the review desk", applied_in="intake/channels/email/mail_counts.py")
MAIL_COUNTED: Final = BucketLimit(
    name="mail counted", burst=1, refill=timedelta(days=2), per="mail",
    beyond="not counted again when it is read again",
    applied_in="intake/channels/email/mail_counts.py")
MAIL_FOLLOW_UPS: Final = BucketLimit(
    name="mails on a ticket", burst=8, refill=6 * _MINUTE, per="ticket and address of a writer",
    beyond="the mail waits on the review desk",
    applied_in="intake/channels/email/mail_counts.py")
REPORTS_OF_MAILBOX: Final = WindowLimit(
    name="reports from a mailbox", most=10, within=60 * _MINUTE, per="address of a sender",
    beyond="each is still a ticket, and says so to staff",
    applied_in="intake/channels/email/reporter_mail.py")
CHAT_MESSAGES: Final = WindowLimit(
    name="chat messages", most=20, within=_MINUTE, per="chat",
    beyond="told once; words and files are kept and answered together when it ends; danger, buttons"
    " and commands at once", applied_in="intake/dialogue/facts.py")
CHAT_CODES: Final = WindowLimit(
    name="tracking codes in a chat", most=10, within=60 * _MINUTE, per="chat",
    beyond="told to wait; a right code costs nothing", applied_in="intake/dialogue/facts.py")
CHAT_REPORTS: Final = WindowLimit(
    name="chat reports", most=5, within=timedelta(hours=24), per="chat",
    beyond="told whom to call, the draft stays; one with words of danger is filed",
    applied_in="intake/dialogue/facts.py")

# Answers going out.
MAIL_ANSWERS: Final = BucketLimit(
    name="automatic answers", burst=3, refill=60 * _MINUTE,
    per="mailbox of a writer, however it is spelled",
    beyond="filed without an answer", applied_in="intake/channels/email/mail_counts.py")
MAIL_ANSWERS_TO_DOMAIN: Final = BucketLimit(
    name="automatic answers to a domain", burst=100, refill=2 * _MINUTE,
    per="domain of a writer, unless anybody may have a mailbox there",
    beyond="filed without an answer", applied_in="intake/channels/email/mail_counts.py")
MAIL_ANSWERS_OF_MAILBOX: Final = BucketLimit(
    name="automatic answers of a mailbox", burst=300, refill=20 * _SECOND, per="mailbox of ours",
    beyond="filed without an answer", applied_in="intake/channels/email/mail_counts.py")
MAIL_ANSWERS_IN_ALL: Final = BucketLimit(
    name="automatic answers in all", burst=600, refill=10 * _SECOND, per="installation",
    beyond="filed without an answer", applied_in="intake/channels/email/mail_counts.py")
# Confirmations to addresses that nobody confirmed. The wide rows are so wide that what one network
# can report (`web reports`) never uses them up for everybody else.
CONFIRMATIONS: Final = BucketLimit(
    name="confirmations", burst=5, refill=12 * _MINUTE,
    per="mailbox nobody confirmed, however it is spelled",
    beyond="the notice of receipt is not sent", applied_in="core/deliveries/confirmation_limit.py")
CONFIRMATIONS_OF_TICKET: Final = BucketLimit(
    name="confirmations of a ticket", burst=5, refill=30 * _MINUTE, per="ticket",
    beyond="the notice of receipt is not sent", applied_in="core/deliveries/confirmation_limit.py")
CONFIRMATIONS_TO_DOMAIN: Final = BucketLimit(
    name="confirmations to a domain", burst=100, refill=2 * _MINUTE,
    per="domain of an address nobody confirmed, unless anybody may have a mailbox there",
    beyond="the notice of receipt is not sent", applied_in="core/deliveries/confirmation_limit.py")
CONFIRMATIONS_IN_ALL: Final = BucketLimit(
    name="confirmations in all", burst=3000, refill=2 * _SECOND, per="installation",
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

# Connections to the web door. Whoever is idle loses nothing: a browser opens another one by itself.
WEB_CONNECTIONS: Final = Cap(
    name="web connections", most=2000, per="process, fewer where it may open fewer files",
    beyond="the idlest of the network that has most is closed", applied_in="intake/edge.py")
WEB_CONNECTIONS_OF_NETWORK: Final = Cap(  # wide: a whole hospital may stand behind one address
    name="web connections of a network", most=400, per="network and process; not a trusted proxy",
    beyond="its own idlest is closed, else the new one", applied_in="intake/edge.py")
WEB_CONNECTIONS_OF_WIDE_NETWORK: Final = Cap(
    name="web connections of a wide network", most=1000,
    per="/24 or /48 and process; not a trusted proxy",
    beyond="its own idlest is closed, else the new one", applied_in="intake/edge.py")

# Pages that stay open for news. What is put out looks again by itself, once a minute.
TRACKING_STREAMS: Final = Cap(
    name="open tracking pages", most=500, per="process",
    beyond="the idlest of the greediest network looks once a minute instead",
    applied_in="intake/channels/web/event_stream.py")
TRACKING_STREAMS_OF_NETWORK: Final = Cap(
    name="open tracking pages of a network", most=300, per="network and process",
    beyond="the idlest of them looks once a minute instead",
    applied_in="intake/channels/web/event_stream.py")
CHAT_STREAMS: Final = Cap(
    name="open chats", most=500, per="process",
    beyond="the idlest of the greediest network looks once a minute instead",
    applied_in="intake/channels/webchat/event_stream.py")
CHAT_STREAMS_OF_NETWORK: Final = Cap(
    name="open chats of a network", most=300, per="network and process",
    beyond="the idlest of them looks once a minute instead",
    applied_in="intake/channels/webchat/event_stream.py")
STAFF_STREAMS: Final = Cap(
    name="open console pages", most=400, per="process and part of the console",
    beyond="the idlest of the greediest account looks once a minute instead",
    applied_in="intake/console/event_streams.py")
STAFF_STREAMS_OF_ACCOUNT: Final = Cap(  # a hospital's staff all stand behind one address
    name="open console pages of an account", most=20, per="account, process and part",
    beyond="the idlest of them looks once a minute instead",
    applied_in="intake/console/event_streams.py")
# fmt: on

LIMITS: Final[tuple[Limit, ...]] = tuple(
    row for row in tuple(vars().values()) if isinstance(row, Limit)
)
"""The whole table, in its order."""
