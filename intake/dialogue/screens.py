"""The screens of the conversation, all of them, by name."""

from intake.dialogue.screen import Screen
from intake.dialogue.states import draft, edit, followup, idle, menu, resolved, resume, sender, skm

SCREENS: dict[str, Screen] = {
    screen.name: screen
    for part in (idle, menu, draft, edit, sender, resume, followup, resolved, skm)
    for screen in part.SCREENS
}
"""Every state of the conversation, by name, in the order of the state table."""
