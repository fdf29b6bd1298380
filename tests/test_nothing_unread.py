"""What is written is read, what is defined is used: nothing lies about that nobody asks for.

What a later step will read stands in a list below, with who will read it. The lists only shrink:
a row that is not needed any more fails, too. What counts as reading: `tools/unread/`.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping

from tests.root import ROOT

STAMPS = (".created_at", ".updated_at")
"""Every row carries them, for whoever looks into the database; not every page asks."""

COLUMNS_FOR_LATER: Mapping[str, str] = {
    # table: columns                                            who will read them
    "alarms: channel matched raised_at seen_at seen_by ticket_id unit_id words": "the watch",
    "audit.changes: subject_id": "the page for auditors",
    "audit.reads: what": "the page for auditors",
    "auth.browsers: known_at": "retention",
    "auth.links: made_by": "the page for auditors",
    "callbacks: ended_at": "the ledger of what reached whom",
    "calls: begun_at taken_at taken_by way": "the reports on channels",
    "calls: consent_at": "consent, as my data shows it",
    "calls: patient proposed_grade read_back": "corrections of what an agent took down",
    "deliveries: provider_id": "the ledger of what reached whom",
    "periodic_jobs: last_run": "kiss doctor, on retention",
    "qr_codes: description": "administration of codes",
    "roles: description": "administration of roles",
    "service_categories: description": "proposals of a category",
    "survey_answers: answered_at answers channel is_complete qr_code_id remarks unit_id": (
        "the reports on satisfaction (SKM)"
    ),
    "ticket_addresses: blocked_reason": "the ledger of what reached whom",
    "ticket_attachments: uploaded_by": "the page for auditors",
    "ticket_subjects: named_at named_by": "the supervisor who may undo a named subject",
    "tickets: ai_classification confidence_score sentiment_score": "triage proposals",
    "tickets: ip_address user_agent": "limits by source, and retention",
    "tickets: qr_code_id": "reports per code",
    "tickets: reporting": "the reports on channels",
    "unit_types: description": "administration of units",
    "units: description": "administration of units",
    "user_roles: assigned_at assigned_by": "the page for auditors",
    "users: phone": "the duty roster",
}

STATES_FOR_LATER: Mapping[str, str] = {
    "callbacks: told": "the ledger of what reached whom",
    "chat_files: failed quarantined": "a ticket takes them over",
    "cleanings: failed": "kiss doctor, which counts all that is not done",
    "inbound: done": "the ledger of what came in; only what is left over is asked for",
    "ticket_attachments: quarantined": "evidence that a named role may open anyway",
}

TOPICS_FOR_LATER: Mapping[str, str] = {"alarms": "the watch"}

FIELDS_FOR_OTHERS: Mapping[str, str] = {
    "Cleaning.takes_out": "whoever reads the table of what is cleaned; a test, which holds it true",
    "ClusterReport.data_version": "whoever reads the report of a cluster; tests",
    "ClusterReport.server_version": "whoever reads the report of a cluster; tests",
    "Container.program": "whoever reads the table of mail programs",
    "Limit.applied_in": "whoever reads the table of rate limits; a test, which holds it true",
    "Outgoing.attempt": "a channel that says more at a second attempt",
    "Purpose.protects": "whoever reads the table of keys",
    "Purpose.rotated": "whoever reads the table of keys; a test, which holds a page to it",
    "Purpose.used_in": "whoever reads the table of keys; a test, which holds it true",
    "Receipt.differs": "a channel that asks somebody before anything is added; tests",
    "ReceivedFile.declared_type": "evidence, which says why a file was refused",
    "ReceivedFile.original_name": "evidence, which says what a file was called",
    "ShownKey.guessable": "printed as a row of the table of keys",
    "Swept.leftovers": "metrics of storage",
    "Verdict.flags": "evidence, which says what a document holds",
}

NAMES_FOR_OTHERS: Mapping[str, str] = {
    "core.schema.QUEUES": "tests; what every queue keeps is tried on each",
    "core.schema.TABLES": "tests; importing the classes makes the metadata whole",
    "core.tickets.number.number_sequence": "the metadata, and SQL by its name",
    "intake.channels.email.belief.STANDS": "a test, which holds the page to the table",
    "intake.channels.email.smtp.hooks.Hooks.handle_EHLO": "aiosmtpd",
    "intake.channels.email.smtp.hooks.Hooks.handle_MAIL": "aiosmtpd",
    "intake.channels.email.smtp.hooks.Hooks.handle_RCPT": "aiosmtpd",
    "intake.dialogue.wording.numbered": "a channel without buttons (docs/chat.md)",
    "intake.mail_sink._Keeper.handle_DATA": "aiosmtpd",
    "intake.uploads.cleaning.table.NEVER": "whoever reads the table of what is cleaned; a test",
    "intake.uploads.json_body.receive_json": "the door for programs",
    "migrations.upgrade._check": "kiss doctor, on the schema; a test",
    "migrations.upgrade.check": "kiss doctor, on the schema; a test",
}


def test_nothing_is_written_that_nobody_reads() -> None:
    # a process of its own: hundreds of parsed modules would stay in this one's memory
    told = subprocess.run(
        [sys.executable, "-m", "tools.unread"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found = {kind: set(names) for kind, names in json.loads(told.stdout).items()}

    columns = found.pop("columns nothing reads")
    rest = {kind: names for kind, names in found.items() if names}

    assert {name for name in columns if not name.endswith(STAMPS)} == listed(COLUMNS_FOR_LATER)
    assert rest == {
        "states nothing asks for": listed(STATES_FOR_LATER),
        "topics nobody waits for": set(TOPICS_FOR_LATER),
        "fields nothing looks at": set(FIELDS_FOR_OTHERS),
        "names nothing uses": set(NAMES_FOR_OTHERS),
    }


def listed(rows: Iterable[str]) -> set[str]:
    """Write `tickets: rating status` as `tickets.rating` and `tickets.status`."""
    return {
        f"{owner}.{name}"
        for owner, _, each in (row.partition(": ") for row in rows)
        for name in each.split()
    }
