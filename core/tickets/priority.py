"""The queue's order, derived from risk and urgency; nobody sets it by hand."""

_BY_GRADE: dict[str | None, str] = {"red": "critical", "yellow": "high"}
_BY_URGENCY = {5: "critical", 4: "high", 3: "medium"}
PRIORITIES = ("low", "medium", "high", "critical")
"""The lowest first."""


def priority_of(urgency: int, grade: str | None = None) -> str:
    """Return the higher of what the urgency (1 to 5) and the risk grade call for."""
    claims = (_BY_URGENCY.get(urgency, "low"), _BY_GRADE.get(grade, "low"))
    return max(claims, key=PRIORITIES.index)
