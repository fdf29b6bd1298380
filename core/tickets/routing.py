"""Which unit gets a report. Read the rules from top to bottom; the first that answers decides."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.hospital.directory import Directory, UnitEntry
from core.tickets.submission import Submission

Find = Callable[[Submission, Directory], UnitEntry | None]


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """One way to find the unit, and the sentence staff read when it decided."""

    name: str
    find: Find
    sentence: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a report goes and why."""

    unit: UnitEntry
    rule: str
    reason: str
    qr_code_id: UUID | None
    category_id: UUID | None


def _unit_of_qr(submission: Submission, directory: Directory) -> UnitEntry | None:
    qr = directory.qr(submission.qr_token)
    return directory.unit(qr.unit_id) if qr else None


def _chosen_unit(submission: Submission, directory: Directory) -> UnitEntry | None:
    return directory.unit(submission.unit_id) or directory.unit_by_code(submission.unit_code)


def _recipient_alias(submission: Submission, directory: Directory) -> UnitEntry | None:
    return directory.unit_by_alias(submission.recipient)


def _unit_of_category(submission: Submission, directory: Directory) -> UnitEntry | None:
    category = directory.category(submission.category)
    return directory.unit(category.unit_id) if category else None


def _triage_desk(_submission: Submission, directory: Directory) -> UnitEntry:
    return directory.triage_desk


RULES: tuple[RoutingRule, ...] = (
    RoutingRule(
        "qr",
        _unit_of_qr,
        {
            "id": "Kode QR yang dipindai terpasang di {unit}.",
            "en": "The QR code that was scanned hangs in {unit}.",
        },
    ),
    RoutingRule(
        "chosen",
        _chosen_unit,
        {"id": "Pelapor memilih {unit}.", "en": "The person chose {unit}."},
    ),
    RoutingRule(
        "recipient",
        _recipient_alias,
        {
            "id": "Dikirim ke alamat e-mail milik {unit}.",
            "en": "It was sent to a mailbox of {unit}.",
        },
    ),
    RoutingRule(
        "category",
        _unit_of_category,
        {
            "id": "{unit} menangani kategori yang dipilih.",
            "en": "{unit} answers for the chosen category.",
        },
    ),
    RoutingRule(
        "triage",
        _triage_desk,
        {
            "id": "Tujuan belum jelas; {unit} akan membacanya dulu.",
            "en": "No unit was named; {unit} reads it first.",
        },
    ),
)


def route(submission: Submission, directory: Directory) -> Route:
    """Find the unit for a report. Always answers: the last rule is the triage desk."""
    qr = directory.qr(submission.qr_token)
    category = directory.category(submission.category)
    for rule in RULES:
        unit = rule.find(submission, directory)
        if unit is not None:
            break
    else:  # pragma: no cover - the last rule answers
        raise AssertionError
    sentence = rule.sentence.get(directory.hospital.language, rule.sentence["id"])
    return Route(
        unit=unit,
        rule=rule.name,
        reason=sentence.format(unit=unit.name),
        qr_code_id=qr.id if qr else None,
        category_id=category.id if category else None,
    )
