"""Where reports come in, nobody is told."""

import pytest

from core.hospital.report_mailboxes import takes_reports

ALIASES = frozenset({"melati", "rawat jalan", "lapor@lain.example.org"})


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("melati@rs.example.org", True),
        ("melati+jaga@rs.example.org", True),
        ("halo@rs.example.org", True),
        ("halo+1@rs.example.org", True),
        ("lapor@lain.example.org", True),
        ("reply@rs.example.org", True),
        ("postmaster@rs.example.org", True),
        ("melati@staf.rs.example.org", False),
        ("melati.staf@rs.example.org", False),
        ("lapor@rs.example.org", False),
        ("postmaster@example.org", False),
        ("melati@", False),
    ],
)
def test_an_alias_or_the_hospitals_own_address_takes_reports(address: str, taken: bool) -> None:
    assert takes_reports(address, public="halo@rs.example.org", aliases=ALIASES) is taken


def test_without_an_address_of_the_hospital_only_whole_addresses_do() -> None:
    assert takes_reports("lapor@lain.example.org", public="", aliases=ALIASES)
    assert not takes_reports("melati@rs.example.org", public="", aliases=ALIASES)
