"""What trust changes, and that it proves nothing."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.database import plain_url
from core.hospital.directory import TRUSTED_KINDS, Directory, TrustedSource
from core.hospital.directory_store import DirectoryStore
from core.runtime import Runtime
from core.tickets.casework import Casework
from intake.channels.email.trust import Standing, standing_of
from intake.channels.email.understanding.mail import Mail
from intake.channels.email.understanding.understand import understand
from tests.builders import OFFICER
from tests.intake.channels.email.door import OURS, PERSON, mail
from tests.intake.channels.email.postoffice import PostOffice

FORM = "form@situs.example.com"
WARD = "lama@rs.example.org"
PASSED_ON = (
    "---------- Forwarded message ---------",
    "From: Wayan <wayan@example.com>",
    "Date: Sat, 28 Nov 2026 09:00",
    "Subject: Obat",
    "To: lama@rs.example.org",
    "",
    "Obat ibu saya belum diberikan.",
)


def standing(
    content: bytes | Mail,
    *trusted: tuple[str, str],
    envelope: str = PERSON,
    disowned: bool = False,
) -> Standing:
    return standing_of(
        understand(content) if isinstance(content, bytes) else content,
        [TrustedSource(*one) for one in trusted],
        envelope=envelope,
        disowned=disowned,
        is_ours=lambda address: address in (OURS, "info@rs.example.org"),
        is_own_domain=lambda domain: domain == "rs.example.org",
    )


def told(sender: str, reply_to: str = "Dewi <dewi@example.com>") -> bytes:
    return mail("Kursi roda macet.", sender=sender, Reply_To=reply_to)


@pytest.mark.parametrize(
    ("content", "trusted", "source", "writer"),
    [
        # a form of our own, and what only looks like one
        (told(OURS), (), "website", "dewi@example.com"),
        (told("wordpress@rs.example.org"), (), "website", "dewi@example.com"),
        (told("dr.ayu@rs.example.org"), (), None, "dr.ayu@rs.example.org"),
        (told("wordpress@rs.example.com"), (), None, "wordpress@rs.example.com"),
        (told(OURS, OURS), (), None, OURS),
        (told(OURS, "info@rs.example.org"), (), None, OURS),
        (told(OURS, "a@example.com, b@example.com"), (), None, OURS),
        # by address, by domain, never by a part of either
        (told(FORM), ("form", FORM), "form", "dewi@example.com"),
        (told(FORM), ("form", "FORM@situs.example.com"), "form", "dewi@example.com"),
        (told(FORM), ("form", "@situs.example.com"), "form", "dewi@example.com"),
        (told(FORM), ("form", "@example.com"), None, FORM),
        (told(FORM), ("form", "orm@situs.example.com"), None, FORM),
        (told(f"a.{FORM}"), ("form", FORM), None, f"a.{FORM}"),
        (told(FORM), ("portal", FORM), "portal", FORM),
        # a mailbox that redirects
        (mail("Halo.", Resent_From=WARD), ("redirect", WARD), "redirect", PERSON),
        (mail("Halo.", X_Forwarded_For=f"{WARD} {OURS}"), ("redirect", WARD), "redirect", PERSON),
        (
            mail(*PASSED_ON, sender=WARD, subject="Fwd: Obat"),
            ("redirect", WARD),
            "redirect",
            "wayan@example.com",
        ),
        (mail(*PASSED_ON, sender=WARD, subject="Fwd: Obat"), (), None, WARD),
        # a list, by its id or the address one writes to
        (
            mail("Halo.", List_Id="Warga <warga.rs.example.org>"),
            ("list", "warga.rs.example.org"),
            "list",
            PERSON,
        ),
        (
            mail("Halo.", List_Id="<x.warga.rs.example.org>"),
            ("list", "warga.rs.example.org"),
            None,
            PERSON,
        ),
        (
            mail("Halo.", List_Post="<mailto:warga@rs.example.org>"),
            ("list", "warga@rs.example.org"),
            "list",
            PERSON,
        ),
        (
            mail(
                "Halo.",
                sender="Sari via Warga <warga@example.net>",
                Reply_To=PERSON,
                List_Post="<mailto:warga@example.net>",
            ),
            ("list", "warga@example.net"),
            "list",
            PERSON,
        ),
    ],
)
def test_who_is_trusted_and_who_wrote(
    content: bytes, trusted: tuple[str, ...], source: str | None, writer: str
) -> None:
    sources = [(trusted[0], trusted[1])] if trusted else []

    found = standing(content, *sources)

    assert (found.source, found.writer.address) == (source, writer)
    assert (found.remark is None) == (found.writer == understand(content).sender)


def test_a_mailbox_that_redirects_is_known_by_the_envelope_too() -> None:
    assert standing(mail("Halo."), ("redirect", WARD), envelope=WARD).source == "redirect"
    assert standing(mail("Halo."), ("redirect", WARD)).source is None


def test_a_header_that_names_a_mailbox_that_redirects_helps_no_disowned_from() -> None:
    content = mail("Halo.", sender=OURS, Delivered_To=WARD)
    assert standing(content, ("redirect", WARD)).excuses("claims to be us")
    assert standing(content, ("redirect", WARD), disowned=True) == standing(content)
    assert standing(content, ("redirect", WARD), envelope=WARD, disowned=True).source is None
    assert standing(mail("Halo."), ("form", WARD), envelope=WARD).source is None


@pytest.mark.parametrize("kind", ["form", "portal", "redirect"])
def test_a_from_that_its_own_domain_disowns_is_trusted_with_nothing(kind: str) -> None:
    assert standing(told(FORM), (kind, FORM), disowned=True) == standing(told(FORM))


ADDRESSES = st.sampled_from([OURS, FORM, PERSON, WARD, "dewi@example.com", "", "@", "a@b"])


@given(
    sender=ADDRESSES,
    reply_to=st.lists(ADDRESSES, max_size=3),
    sources=st.lists(st.tuples(st.sampled_from(TRUSTED_KINDS), ADDRESSES), max_size=3),
    disowned=st.booleans(),
)
def test_the_writer_is_always_somebody_whom_the_mail_names(
    sender: str, reply_to: Iterable[str], sources: Iterable[tuple[str, str]], disowned: bool
) -> None:
    content = mail("Halo.", sender=sender, Reply_To=", ".join(reply_to))
    one = understand(content)

    found = standing(one, *sources, disowned=disowned)

    assert found.writer in (one.sender, *one.reply_to)
    assert not (found.is_form and found.is_own_website and found.is_many)
    if found.writer != one.sender:
        assert found.remark


class Trusting(DirectoryStore):
    """The hospital's directory, as if staff had trusted sources."""

    sources: tuple[TrustedSource, ...] = ()

    async def fresh(self) -> Directory:
        return replace(await super().fresh(), trusted=self.sources)


def trusting(runtime: Runtime, url: str, source: TrustedSource) -> PostOffice:
    store = Trusting(runtime.database.pool, plain_url(url), runtime.settings.database_timeout)
    store.sources = (source,)
    return PostOffice(replace(runtime, directory=store))


@pytest.mark.parametrize(
    ("source", "content", "answered"),
    [
        (
            TrustedSource("portal", "@portal.example.gov"),
            mail(
                "Lampu parkir mati.",
                sender="noreply@portal.example.gov",
                List_Unsubscribe="<https://portal.example.gov/u>",
                Precedence="bulk",
                Auto_Submitted="auto-generated",
            ),
            0,
        ),
        (
            TrustedSource("form", FORM),
            told(FORM).replace(b"Subject", b"Auto-Submitted: auto-generated\r\nSubject"),
            1,
        ),
        (
            TrustedSource("list", "warga.rs.example.org"),
            mail(
                "Halo.",
                List_Id="<warga.rs.example.org>",
                List_Post="<mailto:warga@rs.example.org>",
                Precedence="list",
            ),
            0,
        ),
        (TrustedSource("redirect", OURS), mail(*PASSED_ON, sender=OURS, subject="Fwd: Obat"), 0),
    ],
)
async def test_a_trusted_source_makes_a_ticket_where_it_made_none(
    runtime: Runtime, database_url: str, source: TrustedSource, content: bytes, answered: int
) -> None:
    plain = PostOffice(runtime)
    sender = understand(content).sender.address or ""
    row = await plain.take(content, sender=sender)
    assert row["status"] == "quarantined"
    office = trusting(runtime, database_url, source)

    await office.take(content + b"PS.\r\n", sender=sender)

    assert len(await office.tickets()) == 1
    assert len(await office.notices()) == answered


async def test_a_form_of_our_website_reports_for_its_visitor(runtime: Runtime) -> None:
    office = PostOffice(runtime)

    await office.take(told(f"RS Contoh <{OURS}>"), sender=OURS)

    [ticket] = await office.tickets()
    assert (ticket["submitter_name"], ticket["submitter_email"]) == ("Dewi", "dewi@example.com")
    [address] = await office.rows("SELECT address, confirmed_at FROM ticket_addresses")
    assert (address["address"], address["confirmed_at"]) == ("dewi@example.com", None)
    [notice] = await office.notices()
    assert notice["recipient_ref"] == "dewi@example.com"
    [message] = await office.messages()
    assert "tidak terbukti" in str(message["remarks"])


async def test_the_staffs_answer_reaches_the_visitor_of_the_form(runtime: Runtime) -> None:
    office = PostOffice(runtime)
    await office.take(told("noreply@rs.example.org"), sender="noreply@rs.example.org")
    [ticket] = await office.tickets()

    await Casework(runtime).reply(ticket["id"], "Sudah diperbaiki.", by=OFFICER)

    assert [one["recipient_ref"] for one in await office.notices("replied")] == ["dewi@example.com"]


async def test_a_form_whose_from_is_disowned_is_a_ticket_without_an_answer(
    runtime: Runtime,
) -> None:
    office = PostOffice(runtime, {"authserv_id": "mx.rs.example.org"})
    content = b"Authentication-Results: mx.rs.example.org; dmarc=fail\r\n" + told(OURS)

    await office.take(content, sender=OURS, peer="127.0.0.1")

    [ticket] = await office.tickets()
    assert ticket["submitter_email"] == "dewi@example.com"
    assert await office.notices() == []
