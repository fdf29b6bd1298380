"""Every mapped class, imported in one place, so that the metadata is whole."""

from sqlalchemy import MetaData

from core import (
    alarm,
    attempts,
    audit,
    call,
    call_draft,
    callback,
    category,
    channel,
    chat_file,
    chat_line,
    chat_session,
    delivery,
    event,
    hospital,
    inbound,
    inbox_view,
    links,
    message,
    people,
    periodic_job,
    presence,
    qr_code,
    ringing,
    scope,
    second_factor,
    send_rate,
    sessions,
    sign_in,
    survey,
    ticket,
    unit,
)
from core.base import Base

MODULES = (
    alarm,
    attempts,
    audit,
    call,
    call_draft,
    callback,
    category,
    channel,
    chat_file,
    chat_line,
    chat_session,
    delivery,
    event,
    hospital,
    inbound,
    inbox_view,
    links,
    message,
    people,
    periodic_job,
    presence,
    qr_code,
    ringing,
    scope,
    second_factor,
    send_rate,
    sessions,
    sign_in,
    survey,
    ticket,
    unit,
)

SCHEMAS = ("public", "audit", "analytics", "auth")
"""The schemas of the KISS description; the last three are filled by the parts they name."""


def metadata() -> MetaData:
    """Return the metadata with all tables in it."""
    return Base.metadata
