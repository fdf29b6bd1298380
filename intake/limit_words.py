"""What each limit is called where people read of it; one without a name here keeps the table's."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ground.limit import Limit
from intake.language import marked as _

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "browser": _("Sign-in attempts from a browser the account knows"),
        "pair": _("Sign-in attempts at an account from one network"),
        "account": _("Sign-in attempts at an account from anywhere"),
        "address": _("Failed sign-ins from one network"),
        "pair in a crowd": _("Sign-in attempts at an account, where many others failed"),
        "code": _("Second-factor codes tried"),
        "wrong links": _("Wrong links to choose a password"),
        "web reports": _("Reports by the web form from one network"),
        "tracking codes": _("Wrong tracking codes from one network"),
        "web chats begun": _("Web chats begun from one network"),
        "uploads under way": _("Files on their way in at the same moment"),
        "uploads under way of a network": _("The same, from one network"),
        "uploaded files": _("Files from one network"),
        "uploaded megabytes": _("Megabytes of files from one network"),
        "uploaded megabytes in all": _("Megabytes of files in all"),
        "mails": _("Mails from one mail server"),
        "mail connections": _("Connections of mail servers"),
        "mail connections of a peer": _("Connections of one mail server"),
        "reports by mail": _("Reports by mail from one address"),
        "reports by mail of a domain": _("Reports by mail from one domain"),
        "reports by mail to a mailbox": _("Reports by mail to one mailbox of ours"),
        "reports by mail in all": _("Reports by mail in all"),
        "mail counted": _("A mail that is read again"),
        "mails on a ticket": _("Mails of one writer on one report"),
        "reports from a mailbox": _("Reports from one mailbox in an hour"),
        "chat messages": _("Messages in one chat"),
        "chat reports": _("Reports in one chat in a day"),
        "automatic answers": _("Automatic answers to one address"),
        "automatic answers to a domain": _("Automatic answers to one domain"),
        "automatic answers of a mailbox": _("Automatic answers of one mailbox of ours"),
        "automatic answers in all": _("Automatic answers in all"),
        "confirmations": _("Notices of receipt to an unconfirmed address"),
        "telegram": _("Messages of our Telegram bot"),
        "telegram chat": _("Messages to one Telegram chat"),
        "telegram group": _("Messages to one Telegram group"),
        "calls announced": _("Calls that the telephone system announces"),
        "wrong signatures": _("Wrong signatures at the door of the telephone system"),
        "open tracking pages": _("Tracking pages that are live"),
        "open tracking pages of a network": _("Tracking pages that are live, of one network"),
        "open chats": _("Web chats that are live"),
        "open chats of a network": _("Web chats that are live, of one network"),
        "open console pages": _("Staff pages that are live"),
        "open console pages of an account": _("Staff pages that are live, of one account"),
        "proofs of a caller": _("Proofs of a caller on one report"),
        "proofs of an agent": _("Proofs that one agent enters"),
        "tickets opened by number": _("Reports that one agent opens by number"),
        "tickets opened": _("Reports that one reader opens"),
        "mail connections of a wide network": _("Connections of mail servers of a wide network"),
        "bytes of mail arriving": _("Bytes of mail on their way in"),
        "bytes of mail arriving of a peer": _("Bytes of mail on their way in, of one mail server"),
        "bytes of mail arriving of a wide network": _(
            "Bytes of mail on their way in, of a wide network"
        ),
        "pace of a mail": _("Pace of a mail on its way in"),
        "tracking codes in a chat": _("Wrong tracking codes in one chat"),
        "confirmations of a ticket": _("Notices of receipt on one report"),
        "confirmations to a domain": _("Notices of receipt to one domain"),
        "confirmations in all": _("Notices of receipt in all"),
        "web connections": _("Connections to the web pages"),
        "web connections of a network": _("Connections to the web pages from one network"),
        "web connections of a wide network": _("Connections to the web pages from a wide network"),
    }
)


def called(limit: Limit) -> str:
    """Return what a limit is called, as a message id."""
    return _NAMES.get(limit.name, limit.name)
