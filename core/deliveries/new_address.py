"""Another address for a ticket's news, when the one we had is wrong or the person asks for it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from core.ground.concealed import address_kept
from core.notices.delivery import RESENDABLE, UNDELIVERED, Delivery, reopened
from core.notices.who_hears import goes
from core.runtime import Runtime
from core.tickets.address import TicketAddress
from core.tickets.casework import Case, Casework
from core.tickets.event import Event


@dataclass(frozen=True, slots=True)
class NewAddress:
    """What changes where news goes; `by` and `version` as for every verb of Casework."""

    runtime: Runtime

    async def change(
        self,
        ticket_id: UUID,
        channel: str,
        address: str,
        *,
        by: UUID | None,
        version: int | None = None,
    ) -> Event:
        """Let news go to this address first; what could not be delivered goes there at once.

        The older addresses stay behind it. Raises what every verb of Casework raises.
        """
        async with Casework(self.runtime).case(ticket_id, version) as case:
            address = address_kept(self.runtime.secret, address, conceals=case.ticket.is_anonymous)
            await _put_first(case, channel, address)
            event = case.ticket.staff_event("readdressed", case.now, by, channel=channel)
            await case.record(event)
            await _send_again(case, channel, address)
            return event


async def _put_first(case: Case, channel: str, address: str) -> None:
    await case.session.execute(
        update(TicketAddress)
        .where(TicketAddress.ticket_id == case.ticket.id)
        .values(rank=TicketAddress.rank + 1)
    )
    row = {"ticket_id": case.ticket.id, "channel": channel, "address": address, "rank": 0}
    fresh = {"rank": 0, "blocked_at": None, "blocked_reason": None, "updated_at": case.now}
    await case.session.execute(
        insert(TicketAddress)
        .values(**row)
        .on_conflict_do_update(index_elements=["ticket_id", "channel", "address"], set_=fresh)
    )


async def _send_again(case: Case, channel: str, address: str) -> None:
    lost = (
        update(Delivery)
        .where(
            Delivery.ticket_id == case.ticket.id,
            Delivery.audience == "submitter",
            Delivery.status.in_(UNDELIVERED),
        )
        .values(status="cancelled", lease_until=None)
        .returning(Delivery.event_id, Delivery.template, Delivery.language)
    )
    spoken = channel in case.directory.spoken
    for event_id, template, language in (await case.session.execute(lost)).all():
        if not goes(template, spoken=spoken):
            continue  # nobody is called for it
        news = {
            "ticket_id": case.ticket.id,
            "event_id": event_id,
            "channel": channel,
            "recipient_ref": address,
            "audience": "submitter",
            "template": template,
            "language": language,
            "next_attempt_at": case.now,
        }
        await case.session.execute(
            insert(Delivery)
            .values(**news)
            .on_conflict_do_update(
                index_elements=["ticket_id", "event_id", "channel", "recipient_ref"],
                set_=reopened(case.now),
                where=Delivery.status.in_(RESENDABLE),  # what that address was told stays told
            )
        )
