"""Does a mail look like a bounce? Signs in the headers and in the first lines."""

import re
from dataclasses import dataclass

from intake.channels.email.understanding.bounces import report
from intake.channels.email.understanding.envelope import Envelope
from intake.channels.email.understanding.languages.vocabulary import says
from intake.channels.email.understanding.tree import Part

_DAEMON = re.compile(
    r"^(?:mailer-?_?daemon|mail[-.]?daemon|p(?:oo|o)stmaster|mdaemon|mail[-.]delivery|bounces?"
    r"|delivery|no-?reply@sns)\b",
    re.IGNORECASE,
)
_DAEMON_NAME = says(r"""
    mail(?:er)?[- ]?(?:delivery|daemon|deliver) | postmaster | mail administrator | postoffice
    system administrator | delivery (?:sub)?system | mail system | mdaemon
""")
_SUBJECT = says(r"""
    undeliver | undelivered | nondeliverable | non-?deliver | not (?:be )?delivered | bounced
    returned (?:e-?)?mail | return(?:ed|ing) (?:message|to sender) | failure notice | mail bounce
    delivery (?:status|fail|error|report|problem|notif) | deliver\w* ... fail
    (?:mail|message|e-?mail|delivery) ?(?:delivery )?(?:has )?(?:system )?(?:fail|error)
    fail\w* (?:delivery|mail|message) | delay(?:ed)? (?:mail|message) | unable to deliver
    could not (?:be delivered|send|deliver) | user unknown | message you sent blocked
    warning: (?:could not|message|mail) | permanent error | error sending your mail
    problems? (?:with|delivering) (?:mail|your) | rejected mail | mail rejected | transcript
    mail system error | mail delivery | message status | not read:
    tidak terkirim | gagal (?:terkirim|dikirim|mengirim) | tidak dapat dikirim | pengiriman gagal
    gagal kirim | unzustellbar | nicht zustellbar | zustellung | non recapitabile
    no se puede entregar | non remis | échec | devuelto | devolvid | mancata consegna
    недоставлен | не доставлено | не может быть доставлено | 配信 | olevererbar | onbestelbaar
""")
_BODY = says(r"""
    (?:could|can|was|were|has|have|is) ?(?:not|n.t) (?:be |been )?(?:deliver|send|sent|reach)
    (?:could|can|was|were|has|have|is) ?(?:not|n.t) (?:be |been )?able to (?:deliver|send|reach)
    undeliver | undelivered | delivery (?:to|of|has|status|attempt|fail|report|error)
    deliver\w* ... fail | permanent (?:fatal )?error | unable to deliver | retry timeout | bounce
    returned (?:to sender|mail|message) | returning message | user unknown | unknown user
    failed (?:to deliver|permanently|recipient) | mailbox (?:full|unavailable|is full)
    following (?:addresses|recipient|address|error|destination) | rejected your (?:message|mail)
    message (?:was|has|you sent) (?:not|been)? ?(?:rejected|blocked|deliver|undeliver)
    message (?:could|will) not | did not reach | not reach | not been delivered | has been delayed
    is not a member | are not member | tidak dapat (?:di)?(?:kirim|sampai) | gagal (?:di)?kirim
    tidak terkirim | nicht zugestellt | no (?:se )?(?:ha )?p(?:ud|ue)\w* (?:ser )?entreg
    не доставлено | невозможно доставить
""")
_ANSWER_SUBJECT = re.compile(r"\A\s{0,9}(?:fwd?|trs|tr|wg|terusan|bls|balas|aw)\s?:", re.IGNORECASE)
_FIRST_WORDS = 300
_REPLY_CODE = re.compile(r"(?:^|[\s:>(\"'\[])[45]\d\d[ -]#?\(?(?:[45]\.\d{1,3}\.\d{1,3}|<|\w)")


@dataclass(frozen=True, slots=True)
class Signs:
    """What points to a bounce."""

    has_report: bool
    from_daemon: bool
    from_mailer: bool
    """The sender is MAILER-DAEMON itself, not merely a postmaster."""
    null_sender: bool
    failed_header: bool
    subject: bool
    body: bool
    reply_code: bool

    encloses_mail: bool
    answers: bool
    """The mail refers to another: a person who quotes a bounce does, a server seldom."""

    @property
    def convincing(self) -> bool:
        """Tell whether the signs are enough; no single word in an ordinary mail is."""
        if self.has_report or self.failed_header:
            return True
        if self.from_daemon:
            return self.from_mailer or self.subject or self.body or self.reply_code
        if self.null_sender:
            return (self.body or self.reply_code) and (self.subject or self.encloses_mail)
        return self.subject and self.body and not self.answers


def read(root: Part, head: Envelope, notice: str, reports: int) -> Signs:
    """Return the signs of one mail."""
    address = head.sender.address or ""
    names = dict(head.headers)
    bare_from = names.get("from", "")
    return Signs(
        has_report=reports > 0,
        from_daemon=bool(
            _DAEMON.search(address)
            or _DAEMON.search(bare_from.strip('<" '))
            or _DAEMON_NAME.search(head.sender.name)
        ),
        from_mailer=re.match(r"mailer-?daemon\b", address, re.IGNORECASE) is not None,
        null_sender=head.return_path == "" or bare_from.strip() == "<>",
        failed_header="x-failed-recipients" in names,
        subject=_SUBJECT.search(head.subject) is not None,
        body=_BODY.search(notice) is not None,
        reply_code=_REPLY_CODE.search(notice) is not None,
        encloses_mail=any(part.is_mail for part in root.walk()),
        answers=bool(head.in_reply_to or head.references)
        or _is_answer(head.subject)
        or _BODY.search(notice[:_FIRST_WORDS]) is None,
    )


def _is_answer(subject: str) -> bool:
    """Tell whether a person passes on or answers a bounce: `Fwd: …`, `Re: Undelivered …`."""
    if _ANSWER_SUBJECT.match(subject):
        return True
    reply = re.match(r"\s{0,9}re\s?:\s{0,9}", subject, re.IGNORECASE)
    return reply is not None and _SUBJECT.match(subject, reply.end()) is not None


def is_feedback(root: Part, head: Envelope) -> bool:
    """Tell whether the mail is an abuse report (RFC 5965) or a read receipt (RFC 8098).

    Some servers refuse mail with a disposition notification: those come from a daemon.
    """
    kinds = {part.content_type for part in root.walk()}
    if kinds & report.STATUS_TYPES:
        return False
    if "message/feedback-report" in kinds:
        return True
    daemon = _DAEMON_NAME.search(head.sender.name) or _DAEMON.search(head.sender.address or "")
    return "message/disposition-notification" in kinds and not daemon
