"""A mail that shows a tracking code and says nothing else: it asks how its report stands."""

from dataclasses import dataclass

from core.deliveries.state_answer import StateAnswer
from intake.channel import Processed
from intake.channels.email.believed import writer_of
from intake.channels.email.received_mail import ReceivedMail
from intake.channels.email.report import language_of_words
from intake.channels.email.reporter_mail import ReporterMail
from intake.channels.email.settings import CHANNEL


@dataclass(frozen=True, slots=True)
class StateMail:
    """Answers it. The report changes in nothing."""

    reporter: ReporterMail

    async def tell(self, arrived: ReceivedMail) -> Processed:
        """Say how its report stands, counted as every automatic answer.

        The answer holds no word of the report, since nobody knows whose mailbox it reaches.
        """
        ticket_id, writer = arrived.thread.ticket_id, writer_of(arrived)
        answers = bool(writer.address) and await self.reporter.is_answered(arrived)
        if answers and ticket_id is not None:
            await StateAnswer(self.reporter.runtime).send(
                ticket_id,
                channel=CHANNEL,
                address=writer.address or "",
                language=language_of_words(f"{arrived.mail.subject} {arrived.mail.reply}"),
                asked=arrived.raw.id,
            )
        told = "a tracking code alone" + ("" if answers else ", not answered")
        return Processed(status="dropped", note=told)  # and its bytes, which hold the code, soon
