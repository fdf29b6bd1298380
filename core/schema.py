"""Every mapped class, imported in one place, so that the metadata is whole."""

from sqlalchemy import MetaData

from core.audit.trail import AuditChange, AuditRead
from core.calls.call import Call
from core.calls.callback import Callback
from core.calls.draft import CallDraft
from core.calls.ringing import Ringing
from core.chats.file import CHAT_FILES, ChatFile
from core.chats.line import ChatLine
from core.chats.session import ChatMessage, ChatSession, ChatTimer
from core.ground.base import Base
from core.ground.refusal_ledger import RefusedInHour
from core.ground.stored_buckets import StoredBucket
from core.ground.waiting_files import WaitingFile
from core.hospital.category import ServiceCategory
from core.hospital.channel import Channel
from core.hospital.hospital import DirectoryVersion, Hospital
from core.hospital.qr_code import QrCode
from core.hospital.trusted_source import TrustedAddress
from core.hospital.unit import Unit, UnitAlias, UnitType
from core.jobs.inbound import INBOUND, Inbound
from core.jobs.periodic_job import PeriodicJob
from core.jobs.queue import JobQueue
from core.notices.delivery import DELIVERIES, Delivery
from core.people.known_browser import KnownBrowser
from core.people.links import AccountLink
from core.people.second_factor import SecondFactor
from core.people.sessions import SignInSession
from core.people.staff import Admin, Role, User, UserRole
from core.reading.saved_view import InboxView
from core.review.series import OpenedSeries
from core.surveys.answer import SurveyAnswer
from core.tickets.address import TicketAddress
from core.tickets.cleaning import CLEANINGS, Cleaning
from core.tickets.event import Event
from core.tickets.involved_unit import InvolvedUnit
from core.tickets.link import TicketLink
from core.tickets.message import Message, TicketAttachment
from core.tickets.number import TicketDay
from core.tickets.presence import Presence
from core.tickets.subject import TicketSubject
from core.tickets.ticket import Ticket
from core.triage.alarm import Alarm

TABLES: tuple[type[Base], ...] = (
    # audit
    AuditRead,
    AuditChange,
    # calls
    Call,
    Callback,
    CallDraft,
    Ringing,
    # chats
    ChatFile,
    ChatLine,
    ChatSession,
    ChatTimer,
    ChatMessage,
    # ground
    RefusedInHour,
    StoredBucket,
    WaitingFile,
    # hospital
    ServiceCategory,
    Channel,
    Hospital,
    DirectoryVersion,
    QrCode,
    TrustedAddress,
    UnitType,
    Unit,
    UnitAlias,
    # jobs
    Inbound,
    PeriodicJob,
    # notices
    Delivery,
    # people
    KnownBrowser,
    AccountLink,
    SecondFactor,
    SignInSession,
    Admin,
    User,
    Role,
    UserRole,
    # reading
    InboxView,
    # review
    OpenedSeries,
    # surveys
    SurveyAnswer,
    # tickets
    TicketAddress,
    Event,
    InvolvedUnit,
    TicketLink,
    Message,
    TicketAttachment,
    Cleaning,
    TicketDay,
    Presence,
    TicketSubject,
    Ticket,
    # triage
    Alarm,
)
"""The mapped classes, room by room."""

QUEUES: tuple[JobQueue, ...] = (DELIVERIES, INBOUND, CHAT_FILES, CLEANINGS)
"""The tables whose rows fall due."""

SCHEMAS = ("public", "audit", "analytics", "auth")
"""The schemas of the KISS description; the last three are filled by the parts they name."""


def metadata() -> MetaData:
    """Return the metadata with all tables in it."""
    return Base.metadata
