"""One raw mail in, one understood `Mail` out: the only door of this package."""

from intake.channels.email.understanding import (
    attachments,
    automatic,
    bodies,
    content,
    envelope,
    structure,
    tree,
)
from intake.channels.email.understanding.bounces import read as bounces
from intake.channels.email.understanding.mail import Mail
from intake.channels.email.understanding.problems import Problems


def understand(raw: bytes) -> Mail:
    """Return what a mail says. Never raises: what cannot be read is named in `problems`."""
    problems = Problems()
    try:
        return _understand(raw, problems)
    except Exception as error:  # noqa: BLE001 - the outer edge: no mail may stop the intake
        problems.note(f"The mail could not be read automatically ({type(error).__name__}).")
        return Mail(problems=problems.sentences())


def _understand(raw: bytes, problems: Problems) -> Mail:
    if not raw.strip():
        problems.note("The mail is empty.")
    root = tree.read(raw, problems)
    roles = structure.of(root)
    head = envelope.of(root.fields, raw, bodies.charset_hint(roles.text), problems)
    body = bodies.of(roles, problems)
    bounce = bounces.read(root, head, problems)
    kind = None if bounce else automatic.kind_of(root, head, body.text)
    words = content.of(body, roles.files, head, problems)
    return Mail(
        message_id=head.message_id,
        in_reply_to=head.in_reply_to,
        references=head.references,
        sender=head.sender,
        transmitter=head.transmitter,
        reply_to=head.reply_to,
        to=head.to,
        cc=head.cc,
        subject=head.subject,
        date=head.date,
        text=body.text,
        html=body.html,
        reply=words.reply,
        forwarded=words.forwarded,
        attachments=tuple(attachments.of(part, problems) for part in roles.files),
        automatic=kind,
        bounce=bounce,
        answerable=automatic.is_answerable(head, kind, bounced=bounce is not None),
        return_path=head.return_path,
        headers=head.headers,
        problems=problems.sentences(),
    )
