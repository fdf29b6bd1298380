"""An address that cannot be listened on: a sentence that names it, and its setting."""

import errno
import os

_LOOKED_UP = "the name is not known"


class CannotListenError(Exception):
    """Nothing was opened there; the sentence says why, and which setting to change."""


def cannot_listen(setting: str, where: str, error: OSError) -> CannotListenError:
    """Say why an address could not be listened on, and what to do."""
    number = error.errno or 0
    sentence = _SENTENCES.get(number)
    if sentence is None:
        known = os.strerror(number) if number > 0 else _LOOKED_UP
        sentence = f"it cannot be listened on ({known})"
    return CannotListenError(f"{where}: {sentence}. {setting} says where to listen.")


_SENTENCES = {
    errno.EADDRINUSE: "it is taken, perhaps by another process of ours: stop that one, or choose "
    "another port",
    errno.EACCES: "ports below 1024 are for root alone: choose a higher one, or let the service "
    "manager allow it (CAP_NET_BIND_SERVICE)",
    errno.EPERM: "this process may not listen there",
    errno.EADDRNOTAVAIL: "that is no address of this machine",
    errno.EAFNOSUPPORT: "this machine has no addresses of that kind",
}
