"""What can be wrong with the bundled database, said so that an operator can act."""


class EmbeddedError(RuntimeError):
    """The bundled PostgreSQL cannot be used; the message is a sentence with the remedy."""
