"""Why mail was refused, from the words of mail servers, as a table read from top to bottom.

Hard is not "5.x.x": of real bounces that agrees in only four of ten. Hard means that the address
itself will never work: nobody there, no such host, moved away. A full mailbox, a policy, spam, a
size limit or a suspended account says nothing about tomorrow.
"""

import re
from dataclasses import dataclass

from intake.channels.email.understanding.languages.vocabulary import says
from intake.channels.email.understanding.mail import Reason

_LONGEST_TEXT = 8000

HARD: frozenset[Reason] = frozenset({"unknown-user", "unknown-host", "moved"})


@dataclass(frozen=True, slots=True)
class Row:
    """Servers that say one of `phrases` mean `reason`; compiled when the first bounce comes."""

    reason: Reason
    phrases: str


ROWS: tuple[Row, ...] = (
    Row(
        "other",  # a program behind the address failed, or the mail was put wrongly
        r"""
            command output | pipe to \| | procmail | command died | command failed | x-unix; ?\d+$
            malformed address | syntax error | incorrectly constructed | operating system error
            improper sequence | bad sequence
        """,
    ),
    Row(
        "temporary",
        r"""
            \b4\.3\.1\b | insufficient system storage | insufficient system resources
            system is full | internal error | internal server error | internal system error
        """,
    ),
    Row(
        "policy",  # refused for the sender or the content, whatever is said about a user
        r"""
            in reply to end of data | in reply to mail from | after end of data | after mail from
            >>> mail from | error following mail | error following data
            (?:domain|address) of sender | \b5\.1\.[78]\b
        """,
    ),
    Row(
        "mailbox-full",
        r"""
            mailbox ... \bfull\b | (?:inbox|mailfolder|mail box|maildir|folder) is full
            mail ?full | quota full | recipient storage full | too full | too many mails
            over ?quota | over quota | quota ... exceed | quota violation | disk quota
            (?:exceed\w*|over|out of|beyond) ... (?:quota|storage|disk space)
            insufficient (?:disk|storage) | not enough (?:storage |disk )?space | no space left
            storage (?:space )?(?:limit|allocation) | account is over
            mailbox (?:size|space) (?:limit|exceed) | mailbox ... (?:over|exceed)
            exceeded (?:the )?(?:maximum )?(?:mailbox|storage)
            user ... (?:over|disk) ?(?:space|quota) | would exceed (?:the )?(?:mailbox|quota)
            space not enough | kotak (?:surat|masuk) ... penuh | postfach ... voll | 容量
        """,
    ),
    Row(
        "size",
        r"""
            message ... (?:size|length) ... exceed | message exceeds | size limit
            message (?:is )?too (?:big|large|long) | mail(?: is)? too (?:large|big)
            exceeds? ... (?:size|maximum message) | max(?:imum)? message size
            too (?:big|large) (?:message|for)
        """,
    ),
    Row(
        "moved",
        r"""
            (?:has|have) moved | new e?-?mail address is | address ... (?:has )?changed
            please (?:use|update) ... new address | no longer ... use the address
            user not local | 551 not our user | \b5\.1\.6\b | has been replaced by | telah pindah
        """,
    ),
    Row(
        "policy",
        r"""
            \bspam\b | \bube\b | unsolicited | bulk (?:e?mail)? ?filter | phish | suspicious | abuse
            \bspf\b | \bdkim\b | \bdmarc\b | spamhaus | spamcop | barracuda | \b[drs]n?bl\b
            reputation
            black ?list | block ?list | \bblocked\b | blocking | \bbloque | banned | isp ... block
            policy | policies | forbidden | prohibited | restricted | access denied | denied by
            relay(?:ing)? (?:access )?(?:is )?(?:denied|prohibited|not permitted|not allowed)
            relaying | unable to relay | not (?:permitted|allowed) to (?:relay|send)
            unauthenticated | authenticat\w+ ... (?:required|failed|check) | starttls
            tls (?:is )?required | encryption | permission (?:denied|to post) | 権限
            not ... authori[sz]ed | unauthori[sz]ed | network not allowed
            (?:require|no|missing|invalid|bad|without|forbidden by) ... (?:\bptr|rdns|reverse)
            \bptr\b | reverse (?:dns|lookup|hostname) | \brdns\b | unverif\w+ ... \bips?\b
            mismatch\w* ... (?:ip|host|client) | client host | bad ... (?:ip\b|sender)
            virus | malware | executable | content (?:rejected|filter|blocked|was)
            content ... reject
            attachments? (?:of|type|is|are|not) | unwanted | looks like | similar to
            header error | (?:not|non)\W?(?:rfc|compliant) | not ... rfc | multiple ... headers
            rfc ... (?:compliant|violat) | rejected ... (?:by|for|due) | \b55\d rejected\b
            your (?:ip|host|mail server|server|network) | mail (?:was )?rejete | from domain
            sender (?:address )?(?:rejected|denied|verify|domain) | smtp server of your isp
            (?:message|mail|email) (?:was |has been )?(?:rejected|refused|denied|filtered)
            messages? from \S{1,100} (?:weren.t|was not|are not) | cannot accept ... from
            transaction failed | too many (?:recipients|hops|errors) | greylist | moderat
            you (?:do not|don.t) have (?:the )?(?:necessary )?permission | not (?:a )?member
            only ... members | closed ... (?:group|list) | ditolak | diblokir
        """,
    ),
    Row(
        "other",  # the account exists and is not open
        r"""
            account ... (?:disabled|suspended|inactive|locked|deactivated|expired|closed)
            (?:user|mailbox|recipient) ... (?:disabled|suspended|frozen|locked|deactivated|inactive)
            (?:disabled|inactive) (?:recipient|user|account|mailbox|address) | mailbox is frozen
            temporar\w+ (?:locked|suspended|disabled) | out of service | currently suspended
            has been (?:disabled|suspended|deactivated)
        """,
    ),
    Row(
        "unknown-host",
        r"""
            host ... (?:unknown|not found|lookup ... fail) | unknown (?:host|domain|mail server)
            domain (?:name )? ... (?:not found|does not exist|does not resolve)
            domain (?:name )? ... (?:isn.t|invalid|no longer)
            domain is not reachable | couldn.t ... (?:find|be found) ... domain
            domain ... couldn.t
            dns (?:error|failure|hard error|lookup) | nxdomain | no mx | null ?mx | no smtp service
            no (?:such|valid) (?:host|domain|mail server) | name service error | illegal host
            bad destination (?:system|host) | unrout\w+ mail domain
            not accepting (?:network )?mess
            (?:doesn.t|does not|can.t) (?:receive|accept) (?:any )?(?:e?mail|connections)
            name or service not known | no address associated | host or domain name not found
            couldn.t find any host | cannot find ... (?:host|domain|server) | invalid domain
            unresolvable | cannot resolve | unable to resolve | bad (?:host|domain) name
            mail server ... not (?:found|exist) | host ... does not exist | lookup ... domain
            (?:doesn.t|does not) have a(?:ny)? ... (?:mx|mail) | domain tidak ditemukan
        """,
    ),
    Row(
        "unknown-user",
        r"""
            (?:user|mailbox|recipient|account|address|person|alias|customer) ... unknown
            (?:user|mailbox|recipient|account|address|person|alias|customer) ... invalid
            (?:user|mailbox|recipient|account|address|name|id) ... not (?:found|known|listed)
            (?:user|mailbox|recipient|account|address) ... (?:doesn.t exist|does not exist)
            (?:user|mailbox|recipient|account|address) ... (?:non-?exist|not exist|unavailable)
            (?:user|mailbox|recipient|account|address) ... (?:no longer|not available|isn.t)
            (?:user|mailbox|recipient|account|address) ... not (?:a )?(?:valid|recogni[sz]ed)
            (?:unknown|no such|invalid|non-?existent|no|bad) (?:local )?(?:user|mailbox)
            (?:unknown|no such|invalid|non-?existent|no|bad) (?:local )?(?:recipient|account)
            (?:unknown|no such|invalid|incorrect|illegal) (?:e?-?mail )?address
            (?:undefined|unrout\w+|wrong) (?:e?-?mail )?address | user ?unknown | no one here
            (?:unknown|no such|invalid|bad) (?:person|alias|addressee|virtual|local|id\b|here)
            invalid ... userid | unknown or illegal alias | no valid recipient | no recipient
            recipnotfound | not found | no mailbox here | does not exist | doesn.t exist
            (?:doesn.t|does not) have ... account | has been deleted | \bno account\b | is unknown
            no longer (?:valid|available|employed|with|active|exists|works|here|on|an)
            is not (?:a|an) (?:registered|valid|active|known|existing|current|customer|user)
            not (?:a )?(?:known|local|valid|listed) | not our (?:user|customer) | address rejected
            (?:can.t|couldn.t|could not|wasn.t) (?:be )?found | not ... in ... directory
            mailbox unavailable | verify recipient | check the (?:e?-?mail )?address
            receiver ... not
            destinataire ... (?:inconnu|invalide) | user inconnu | unbekannt | nicht gefunden
            desconocido | no existe | no se encuentra | non ... trovat
            見つかりません | 存在しません | 不存在 | не найден | не существует
            tidak ditemukan | tidak dikenal | tidak terdaftar | alamat ... salah
        """,
    ),
    Row(
        "temporary",
        r"""
            tim(?:ed|e) ?-?out | time limit | expired | try (?:again )?later | temporar | deferred
            \bdelay | maximum delivery attempts | find a gateway | not responding
            connection (?:refused|reset|dropped|lost|closed|failed) | failed to connect
            still being retried | will be retried | been tried | \d{1,4} attempts
            (?:can|could) ?not ... (?:connect|contact|reach|send) | couldn.t ... (?:connect|talk)
            not (?:been )?able to (?:deliver|connect) | too (?:many|fast|busy) | \brate\b | retry
            in (?:the )?(?:queue|past) | queue too long | for the last \d | hop count | \bloop
            network ... unreachable | no route to host | unreachable | not reachable
            system (?:resources|full|error|load) | i/o error | local (?:configuration )?error
            service (?:currently |temporarily )?(?:unavailable|not available)
            server ... (?:down|busy|unavailable|error) | gangguan sementara | coba lagi
        """,
    ),
)

BY_STATUS: tuple[tuple[re.Pattern[str], Reason], ...] = (
    # RFC 3463 §3: subject and detail of an enhanced status code.
    (re.compile(r"[45]\.2\.2"), "mailbox-full"),
    (re.compile(r"[45]\.2\.3|[45]\.3\.4"), "size"),
    (re.compile(r"5\.1\.6"), "moved"),
    (re.compile(r"5\.1\.2|5\.4\.4|5\.3\.2|5\.1\.10"), "unknown-host"),
    (re.compile(r"5\.1\.[013]|5\.4\.1$"), "unknown-user"),
    (re.compile(r"5\.1\.[78]|[45]\.7\.|[45]\.6\."), "policy"),
    (re.compile(r"5\.2\.1"), "other"),
    (re.compile(r"4\.\d\.|5\.4\."), "temporary"),
)


def of_words(text: str) -> Reason | None:
    """Return the reason that a server's words give, or None where they give none."""
    text = text[:_LONGEST_TEXT]
    return next((row.reason for row in ROWS if says(row.phrases).search(text)), None)


def of_status(status: str | None) -> Reason | None:
    """Return the reason that an enhanced status code gives, or None."""
    if status is None:
        return None
    return next((reason for pattern, reason in BY_STATUS if pattern.match(status)), None)
