"""One raw mail in, one understood `Mail` out: the only door of this package."""

import dataclasses

from intake.channels.email.understanding import (
    automatic,
    bodies,
    content,
    envelope,
    files,
    invitation,
    odd_texts,
    reports,
    secured,
    structure,
    tree,
)
from intake.channels.email.understanding.bodies import Bodies
from intake.channels.email.understanding.bounces import read as bounces
from intake.channels.email.understanding.envelope import Envelope
from intake.channels.email.understanding.fields import split_entity
from intake.channels.email.understanding.mail import Mail
from intake.channels.email.understanding.problems import Problems
from intake.language import marked as _


def understand(raw: bytes, *, own_domains: frozenset[str] = frozenset()) -> Mail:
    """Return what a mail says. Never raises: what cannot be read is named in `problems`.

    A mail whose Message-ID ends in one of `own_domains` is one of ours that came back ("loop").
    """
    problems = Problems()
    try:
        return _understand(raw, own_domains, problems)
    except Exception:  # noqa: BLE001 - the outer edge: no mail may stop the intake
        problems.note(_("The mail could not be read automatically."))
    try:
        return _salvaged(raw, problems)
    except Exception:  # noqa: BLE001 - the same edge, with nothing left to try
        return Mail(readable=False, problems=problems.sentences())


def _understand(raw: bytes, own_domains: frozenset[str], problems: Problems) -> Mail:
    if not raw.strip():
        problems.note(_("The mail is empty."))
    root = tree.read(raw, problems)
    roles = structure.of(root)
    head = envelope.of(root.fields, raw, bodies.charset_hint(roles.text), problems)
    body = bodies.of(roles, problems)
    found = files.of(roles.files, problems)
    secured.note(root, body.text, problems)
    bounce = bounces.read(root, head, problems)
    signs = automatic.signs_of(root, head, body.text)
    kind = None if bounce else automatic.kind_of(signs, head, own_domains)
    other = found.text or odd_texts.text_of(roles.files, problems)
    body = _completed(body, other or invitation.text_of(root, problems))
    words = content.of(body, roles.files, head, problems)
    return dataclasses.replace(
        _addressed(head),
        text=body.text,
        html=body.html,
        reply=words.reply,
        letter=words.letter,
        forwarded=words.forwarded,
        attachments=found.attachments,
        automatic=kind,
        signs=signs,
        bounce=bounce,
        report=None if bounce else reports.read(root, problems),
        answerable=automatic.is_answerable(head, kind, signs, bounced=bounce is not None),
        problems=problems.sentences(),
    )


def _completed(body: Bodies, other_text: str) -> Bodies:
    """Let the text of a winmail.dat, an odd part or an invitation stand where there is no other."""
    if body.text.strip() or not other_text:
        return body
    return dataclasses.replace(body, text=other_text, marked=other_text)


def _addressed(head: Envelope) -> Mail:
    """Return a mail that has the headers and nothing else yet."""
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
        return_path=head.return_path,
        headers=head.headers,
    )


def _salvaged(raw: bytes, problems: Problems) -> Mail:
    """Return what the headers alone say, for a ticket with the original attached."""
    fields, _ = split_entity(raw, problems)
    mail = _addressed(envelope.of(fields, raw, "", problems))
    return dataclasses.replace(
        mail, readable=False, answerable=False, problems=problems.sentences()
    )
