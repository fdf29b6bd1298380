"""What a cleaner says where it cannot answer for the copy."""


class UncleanError(Exception):
    """The file is not built as its kind demands, or holds something that cannot be cleaned."""
