"""SPF, DKIM and DMARC by a real resolver."""

import base64
import subprocess
import time
from collections.abc import Mapping

import dkim
import pytest

from core.ground.email_address import organisation
from core.runtime import Runtime
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.nameserver import Zone, nameserver, text
from tests.intake.channels.email.postoffice import MX, PostOffice

DMARC = {("_dmarc.example.org", "TXT"): (text("v=DMARC1; p=reject"),)}
SPF_PASS = {("example.org", "TXT"): (text(f"v=spf1 ip4:{MX} -all"),)}
SPF_FAIL = {("example.org", "TXT"): (text("v=spf1 ip4:203.0.113.9 -all"),)}


@pytest.fixture(scope="session")
def key() -> tuple[bytes, str]:
    """Return a private key and the record of its public half."""
    private = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True).stdout
    public = subprocess.run(
        ["openssl", "rsa", "-pubout", "-outform", "DER"],
        check=True,
        capture_output=True,
        input=private,
    ).stdout
    return private, text(f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")


def signed(
    content: bytes, private: bytes, domain: str = "example.org", *, cut: bool = False
) -> bytes:
    headers = [b"From", b"Subject", b"To"]
    signature = dkim.sign(
        content, b"s1", domain.encode(), private, include_headers=headers, length=cut
    )
    return bytes(signature) + content


async def checked(
    runtime: Runtime, zone: Zone | None, content: bytes, **letter: str
) -> Mapping[str, object]:
    async with nameserver(zone) as resolver:
        office = PostOffice(runtime, {"resolver": resolver})
        await office.take(content, **letter)
    [message] = await office.messages()
    facts: Mapping[str, object] = message["remarks"]["mail"]["authenticity"]
    return facts


async def test_an_aligned_spf_pass_is_verified(runtime: Runtime) -> None:
    facts = await checked(runtime, SPF_PASS | DMARC, mail("Halo."))

    assert facts == {"spf": "pass", "dkim": "none", "dmarc": "pass", "verified": True, "by": "kiss"}


async def test_a_disowned_mail_is_kept_and_its_address_is_not_confirmed(runtime: Runtime) -> None:
    facts = await checked(runtime, SPF_FAIL | DMARC, mail("Halo."))

    assert (facts["spf"], facts["dmarc"], facts["verified"]) == ("fail", "fail", False)
    office = PostOffice(runtime)
    [address] = await office.rows("SELECT confirmed_at FROM ticket_addresses")
    assert address["confirmed_at"] is None
    [message] = await office.messages()
    assert "domain pengirim menyatakan" in str(message["remarks"]["remarks"])


async def test_a_good_signature_of_the_domain_is_verified(
    runtime: Runtime, key: tuple[bytes, str]
) -> None:
    zone = DMARC | SPF_FAIL | {("s1._domainkey.example.org", "TXT"): (key[1],)}

    facts = await checked(runtime, zone, signed(mail("Halo."), key[0]))

    assert (facts["dkim"], facts["dmarc"], facts["verified"]) == ("pass", "pass", True)


async def test_a_changed_body_fails(runtime: Runtime, key: tuple[bytes, str]) -> None:
    zone = DMARC | {("s1._domainkey.example.org", "TXT"): (key[1],)}
    content = signed(mail("Halo."), key[0]).replace(b"Halo.", b"Hola.")

    facts = await checked(runtime, zone, content)

    assert (facts["dkim"], facts["dmarc"]) == ("fail", "fail")


async def test_a_signature_of_only_the_beginning_counts_for_nothing(
    runtime: Runtime, key: tuple[bytes, str]
) -> None:
    zone = DMARC | {("s1._domainkey.example.org", "TXT"): (key[1],)}
    content = signed(mail("Halo."), key[0], cut=True) + b"Dan kirim uang.\r\n"

    facts = await checked(runtime, zone, content)

    assert facts["verified"] is False


async def test_a_good_signature_of_another_domain_proves_nothing(
    runtime: Runtime, key: tuple[bytes, str]
) -> None:
    zone = DMARC | {("s1._domainkey.evil.example.net", "TXT"): (key[1],)}

    facts = await checked(runtime, zone, signed(mail("Halo."), key[0], "evil.example.net"))

    assert (facts["dkim"], facts["dmarc"], facts["verified"]) == ("pass", "fail", False)


async def test_a_silent_name_server_costs_bounded_time_and_no_mail(runtime: Runtime) -> None:
    began = time.monotonic()

    facts = await checked(runtime, None, mail("Halo."))

    assert time.monotonic() - began < 25
    assert (facts["dmarc"], facts["verified"]) == ("temperror", False)


async def test_a_hostile_record_is_a_result_not_a_fault(runtime: Runtime) -> None:
    zone = {("example.org", "TXT"): (text("v=spf1 " + "include:example.org " * 30),)}

    facts = await checked(runtime, zone, mail("Halo."))

    assert facts["spf"] == "permerror"


async def test_a_number_from_a_disowned_address_opens_nothing(runtime: Runtime) -> None:
    async with nameserver(SPF_FAIL | DMARC) as resolver:
        office = PostOffice(runtime, {"resolver": resolver})
        await office.take(mail("Pertama.", Message_ID="<1@example.org>"))
        [ticket] = await office.tickets()
        await office.take(mail("Kedua.", subject=str(ticket["ticket_number"])))

    assert len(await office.tickets()) == 2
    assert len(await office.rows("SELECT * FROM ticket_links")) == 1


async def test_our_own_mailbox_is_believed_when_it_is_verified(runtime: Runtime) -> None:
    zone = {
        ("rs.example.org", "TXT"): (text(f"v=spf1 ip4:{MX} -all"),),
        ("_dmarc.rs.example.org", "TXT"): (text("v=DMARC1; p=reject"),),
    }
    async with nameserver(zone) as resolver:
        office = PostOffice(runtime, {"resolver": resolver})
        await office.take(mail("Dicatat dari telepon.", sender=OURS), sender=OURS)

    assert len(await office.tickets()) == 1
    assert await office.notices() == []
    assert await office.rows("SELECT * FROM ticket_addresses") == []


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("mail.rs.example.co.id", "example.co.id"),
        ("rs.example.go.id", "example.go.id"),
        ("a.b.example.org", "example.org"),
        ("example.org", "example.org"),
        ("localhost", "localhost"),
    ],
)
def test_alignment_compares_what_somebody_registered(domain: str, registered: str) -> None:
    assert organisation(domain) == registered
    assert PERSON.endswith("example.org")
