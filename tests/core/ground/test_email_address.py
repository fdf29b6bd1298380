"""E-mail addresses as people type them: what is taken, and in which form it is kept."""

import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground import email_address

TAKEN = [
    ("rina@rs.example.org", "rina@rs.example.org"),
    # around it
    ("  rina@rs.example.org\t", "rina@rs.example.org"),
    ("\u00a0rina@rs.example.org\u200b", "rina@rs.example.org"),
    ("\ufeffrina@rs.example.org\r\n", "rina@rs.example.org"),
    ("\u202arina@rs.example.org\u202c", "rina@rs.example.org"),
    ("rina@rs.example.org.", "rina@rs.example.org"),
    ("rina@rs.example.org,", "rina@rs.example.org"),
    ("rina@rs.example.org ;", "rina@rs.example.org"),
    ("rina@rs.example.org !", "rina@rs.example.org"),
    ("<rina@rs.example.org>", "rina@rs.example.org"),
    ("(rina@rs.example.org)", "rina@rs.example.org"),
    ('"rina@rs.example.org"', "rina@rs.example.org"),
    ("“rina@rs.example.org”", "rina@rs.example.org"),
    ("Rina Wati <rina@rs.example.org>", "rina@rs.example.org"),
    ('"Wati, Rina" <rina@rs.example.org>', "rina@rs.example.org"),
    ("mailto:rina@rs.example.org", "rina@rs.example.org"),
    ("MAILTO: rina@rs.example.org", "rina@rs.example.org"),
    ("mailto:rina@rs.example.org?subject=AC", "rina@rs.example.org"),
    ("<mailto:rina@rs.example.org>", "rina@rs.example.org"),
    ("mailto:rina%2Brs@rs.example.org?subject=AC", "rina+rs@rs.example.org"),
    # in capitals, and in the wide letters of an Asian keyboard
    ("RINA@RS.Example.ORG", "rina@rs.example.org"),
    ("ｒｉｎａ＠ｒｓ．example．org", "rina@rs.example.org"),
    ("rina@rs。example。org", "rina@rs.example.org"),
    # before the @, RFC 5322 §3.2.3
    ("rina.wati+rs@rs.example.org", "rina.wati+rs@rs.example.org"),
    ("o'brien@rs.example.org", "o'brien@rs.example.org"),
    ("_rina-wati_@rs.example.org", "_rina-wati_@rs.example.org"),
    ("!#$%&*/=?^`{|}~@rs.example.org", "!#$%&*/=?^`{|}~@rs.example.org"),
    ("6281@rs.example.org", "6281@rs.example.org"),
    ("a@b.id", "a@b.id"),
    (f"{'a' * 64}@rs.example.org", f"{'a' * 64}@rs.example.org"),
    # letters of any script, for a relay that speaks SMTPUTF8 (RFC 6531)
    ("rína@rs.example.org", "rína@rs.example.org"),
    ("リナ@rs.example.org", "リナ@rs.example.org"),
    # behind it
    ("rina@3rs.example.org", "rina@3rs.example.org"),
    ("rina@rs-jaya.go.id", "rina@rs-jaya.go.id"),
    (f"rina@{'a' * 63}.example.org", f"rina@{'a' * 63}.example.org"),
    ("rina@bücher.example", "rina@bücher.example"),
    ("rina@BÜCHER.example", "rina@bücher.example"),
    ("rina@bu\u0308cher.example", "rina@bücher.example"),
    ("rina@xn--bcher-kva.example", "rina@bücher.example"),
    ("rina@XN--BCHER-KVA.example", "rina@bücher.example"),
    ("rina@faß.example", "rina@faß.example"),
    ("rina@例え.テスト", "rina@例え.テスト"),
    ("rina@rumah-sakit.xn--fiqs8s", "rina@rumah-sakit.中国"),
]

REFUSED = [
    "",
    " ",
    ".",
    "@",
    "mailto:",
    "mailto:%ff@rs.example.org",
    "mailto:rina%0aBcc:budi@rs.example.org",
    "rina",
    "rina@",
    "@rs.example.org",
    "rina@rs",
    "rina@localhost",
    "rina.rs.example.org",
    "rina(at)rs.example.org",
    "rina@@rs.example.org",
    "rina@wati@rs.example.org",
    "rina@rs.example.org budi@rs.example.org",
    "rina@rs.example.org, budi@rs.example.org",
    "rina@rs.example.org;budi@rs.example.org",
    "rina@rs.example.org <budi@rs.example.org>",
    "rina@rs.example.org?bcc=budi@rs.example.org",
    "rina@rs.example.org\nBcc: budi@rs.example.org",
    "rina wati@rs.example.org",
    "rina@rs example.org",
    "rina @rs.example.org",
    "rina@ rs.example.org",
    "e-mail: rina@rs.example.org",
    "https://rs.example.org/@rina",
    # dots
    ".rina@rs.example.org",
    "rina.@rs.example.org",
    "rina..wati@rs.example.org",
    "rina@.example.org",
    "rina@rs..example.org",
    # what stands in an address and means something else there
    '"rina wati"@rs.example.org',
    "rina\\wati@rs.example.org",
    "rina(wati)@rs.example.org",
    "rina,wati@rs.example.org",
    "rina:wati@rs.example.org",
    "rina<wati@rs.example.org",
    "rina\0@rs.example.org",
    "rina@rs\x07.example.org",
    "rina@rs.example\x00.org",
    "rina\ud800@rs.example.org",
    "rina@\udcff.example.org",
    "rina\u00ad\u2028wati@rs.example.org",
    # domains
    "rina@-rs.example.org",
    "rina@rs-.example.org",
    "rina@rs_jaya.example.org",
    "rina@rs.example.123",
    "rina@192.0.2.1",
    "rina@[192.0.2.1]",
    "rina@[IPv6:2001:db8::1]",
    "rina@rs.example.o",
    "rina@rs.example.org/x",
    "rina@rs.example.org:25",
    "rina@xn--.example.org",
    "rina@xn--0.example.org",
    "rina@i❤.example",
    # RFC 5321 §4.5.3.1
    f"{'a' * 65}@rs.example.org",
    f"rina@{'a' * 64}.example.org",
    f"rina@{'.'.join(['a' * 49] * 5)}.org",
    f"rina@{'ü' * 60}.example.org",
    "rina@" + "a." * 200_000 + "org",
    "a" * 2_000_000,
    "<" * 2_000_000,
]


@pytest.mark.parametrize(("typed", "kept"), TAKEN)
def test_an_address_is_taken_as_people_type_it(typed: str, kept: str) -> None:
    assert email_address.read(typed) == kept


@pytest.mark.parametrize("typed", REFUSED, ids=lambda typed: ascii(typed[:50]))
def test_what_cannot_be_delivered_is_no_address(typed: str) -> None:
    assert email_address.read(typed) is None


def test_an_address_has_254_octets_as_the_network_spells_it_and_no_more() -> None:
    rest = f"@{'b' * 60}.{'c' * 60}.{'d' * 60}.example.org"
    foreign = f"@bücher.{'c' * 60}.{'d' * 60}.{'e' * 45}.example.org"
    wire = len(foreign) + len("xn--bcher-kva") - len("bücher")

    assert email_address.read("a" * (254 - len(rest)) + rest)
    assert email_address.read("a" * (255 - len(rest)) + rest) is None
    assert email_address.read("a" * (254 - wire) + foreign)
    assert email_address.read("a" * (255 - wire) + foreign) is None


@pytest.mark.parametrize(("_typed", "kept"), TAKEN)
def test_what_is_kept_reads_as_itself(_typed: str, kept: str) -> None:
    assert email_address.read(kept) == kept


LOCALS = st.text("abcxyz019.+-_'", min_size=1, max_size=64)
LABELS = st.text(string.ascii_lowercase + string.digits + "-ü", min_size=1, max_size=20)
TYPED = st.one_of(
    st.text(max_size=80),
    st.text('ab.@<>"(), mailto:ü\n\0xn-', max_size=40),
    st.builds("{}@{}.{}".format, LOCALS, LABELS, LABELS),
)


@given(TYPED)
def test_whatever_is_typed_is_kept_in_one_form_or_not_at_all(typed: str) -> None:
    kept = email_address.read(typed)

    if kept is not None:
        local, _, domain = kept.partition("@")
        wire = email_address.ascii_domain(domain)
        assert email_address.read(kept) == kept == kept.lower()
        assert wire is not None
        assert wire.isascii()
        assert len(local.encode()) <= 64
        assert len(f"{local}@{wire}".encode()) <= email_address.LONGEST
        assert kept.isprintable()
        assert not set(kept) & set(' <>()[],;:"\\')


@given(
    st.sampled_from([kept for _, kept in TAKEN]),
    st.sampled_from(["", " ", "<", "(", '"', "mailto:", "Rina <mailto:"]),
    st.text(' .,;:)>"\t\n', max_size=4),
)
def test_what_stands_around_an_address_changes_nothing(kept: str, before: str, after: str) -> None:
    written = quote(kept, safe="@") if "mailto" in before else kept
    behind = ">" + after if "Rina" in before else after

    assert email_address.read(f"{before}{written}{behind}") == kept


@pytest.mark.parametrize(
    ("domain", "wire"),
    [
        ("RS.example.org", "rs.example.org"),
        ("localhost", "localhost"),
        ("ab--cd.example.org", "ab--cd.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("", None),
        ("a_b.example.org", None),
        ("rs.example.org\n", None),
        ("rs..example.org", None),
    ],
)
def test_a_domain_is_spelled_as_the_network_spells_it(domain: str, wire: str | None) -> None:
    assert email_address.ascii_domain(domain) == wire


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rina@RS.example.org", "rina@rs.EXAMPLE.org"),
        ("rina@bücher.example", "Rina@xn--bcher-kva.example"),
        ("Rina Wati <rina@rs.example.org>", "rina@rs.example.org"),
        ("Kamar 3", " kamar 3"),
    ],
)
def test_two_spellings_of_one_mailbox_compare_as_equal(one: str, other: str) -> None:
    assert email_address.mailbox(one) == email_address.mailbox(other)


@given(st.text(st.characters()))
def test_anything_can_be_compared(typed: str) -> None:
    assert email_address.mailbox(email_address.mailbox(typed)) == email_address.mailbox(typed)
