"""What a chat may bring: what the installation takes, and no more than a bot may fetch. Pure."""

from dataclasses import replace

from core.ground.settings import Settings
from intake.dialogue.facts import Limits as DialogueLimits
from intake.uploads.limits import Limits


def dialogue_limits(settings: Settings) -> DialogueLimits:
    """Return the limits that the dialogue keeps, and tells people of."""
    usual = DialogueLimits()
    return replace(usual, file_bytes=min(usual.file_bytes, settings.file_limit))


def upload_limits(settings: Settings) -> Limits:
    """Return the limits for a chat's files on their way in."""
    return replace(Limits.of(settings), file_bytes=dialogue_limits(settings).file_bytes)
