"""What a member of staff can be, and which of them do what. Pure.

Somebody with several roles may do what any of them may. What each sees of tickets says
`core.access.scope`; which pages each opens, `intake.console.access`.
"""

from typing import Final

AGENT: Final = frozenset({"agent"})
OFFICER: Final = frozenset({"officer"})
HEAD: Final = frozenset({"head"})
SUPERVISOR: Final = frozenset({"supervisor"})
ADMINISTRATOR: Final = frozenset({"administrator"})
AUDITOR: Final = frozenset({"auditor"})

ROLES: tuple[tuple[str, str, str], ...] = (
    # code, Bahasa Indonesia, English
    ("agent", "Petugas call center", "Call-centre agent"),
    ("officer", "Petugas unit", "Unit officer"),
    ("head", "Kepala unit", "Unit head"),
    ("supervisor", "Humas dan mutu", "Public relations and quality"),
    ("administrator", "Administrator", "Administrator"),
    ("auditor", "Auditor", "Auditor"),
)
"""The roles there are at least; seeded by the first migration."""

UNIT: Final = OFFICER | HEAD
"""Whoever works in a unit, and answers for it and all below it."""
CASEWORKERS: Final = AGENT | UNIT | SUPERVISOR
"""Whoever changes tickets."""
MOVERS: Final = UNIT | SUPERVISOR
"""Whoever decides who works on what, and how urgent it is."""
READERS: Final = CASEWORKERS | AUDITOR
"""Whoever sees tickets."""
STAFF: Final = READERS | ADMINISTRATOR
OVERSEERS: Final = SUPERVISOR | AUDITOR
"""Whoever sees every ticket."""
SETUP_READERS: Final = ADMINISTRATOR | AUDITOR
"""Whoever sees how the hospital is set up; only administrators change it."""
POSTERS: Final = ADMINISTRATOR | SUPERVISOR
"""Whoever hangs up QR codes."""
REVIEWERS: Final = MOVERS | AUDITOR
"""Whoever may see what was set aside, as far as they are the whole house's or the triage desk's;
auditors change nothing."""
CALLERS: Final = AGENT | SUPERVISOR
"""Whoever speaks with people on the telephone and at the counter."""
SECOND_FACTOR_REQUIRED: Final = ADMINISTRATOR
"""Whoever signs in with a code besides the password, whether they like it or not."""
