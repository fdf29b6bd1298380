"""What can be wrong with the bundled database, said so that an operator can act."""

import shutil


class EmbeddedError(RuntimeError):
    """The bundled PostgreSQL cannot be used; the message is a sentence with the remedy."""


class NoRoomError(EmbeddedError):
    """The disk has too little room for it; once there is some, it starts."""


def reason(error: OSError) -> str:
    """Say what the system refused and where; of a tree half copied, the first file."""
    if isinstance(error, shutil.Error) and error.args and error.args[0]:
        return str(error.args[0][0][2])
    return f"{error.strerror} ({error.filename})"
