"""What is believed of a mail that came: the table of `belief.py`, asked for it. Pure."""

from intake.channels.email.belief import Belief, Who, belief
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.understanding.mail import Person


def writer_of(arrived: ReceivedMail) -> Person:
    """Return whose report it is: of a mail that staff pass on, the one who wrote it first.

    Nobody's, where nothing proves that staff passed it on.
    """
    passed, stands = arrived.mail.forwarded, first(arrived).stands
    if passed is not None and stands in ("forwarded", "nobody's report"):
        return passed.sender if stands == "forwarded" else Person()
    return arrived.standing.writer


def first(arrived: ReceivedMail) -> Belief:
    """Return what is believed of it as a report of its own."""
    passed, sure = arrived.mail.forwarded, arrived.authenticity.sure
    if arrived.staff_id is not None and passed is not None and passed.sender.address:
        return belief("staff", "a forwarded mail", sure)
    return belief("staff" if arrived.staff_id is not None else "somebody else", "nothing", sure)


def later(arrived: ReceivedMail) -> Belief:
    """Return what is believed of it on a ticket: what it answers counts, where that led there."""
    thread, sure = arrived.thread, arrived.authenticity.sure
    if thread.is_participant:
        return belief("person", thread.carries, sure)
    who: Who = "staff" if arrived.staff_id is not None else "somebody else"
    return belief(who, "our signature" if thread.carries == "our signature" else "its mails", sure)
