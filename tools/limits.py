"""Writes the table of limits into docs/operations.md: `python -m tools.limits`."""

from pathlib import Path
from typing import Final

from core.ground.rate_limits import LIMITS

PAGE: Final = Path(__file__).parent.parent / "docs/operations.md"
BEGIN: Final = "| limit | how much | whose share | beyond it |\n|---|---|---|---|\n"


def table() -> str:
    """Return the table as the page has it."""
    rows = (f"| {row.name} | {row.amount} | {row.per} | {row.beyond} |\n" for row in LIMITS)
    return BEGIN + "".join(rows)


def main() -> None:
    """Put the table where it stands."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition("\n\n")[2]
    PAGE.write_text(f"{before}{table()}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
