"""One subscriber is one network, however their address is written."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.ip_address import network_of, plain


@pytest.mark.parametrize(
    ("written", "address", "network"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7/32"),
        ("::FFFF:C000:0207", "192.0.2.7", "192.0.2.7/32"),
        ("2001:0DB8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::1", "::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("fe80::1%eth0.100", "fe80::1", "fe80::/64"),
        ("::ffff:192.0.2.7%3", "192.0.2.7", "192.0.2.7/32"),
        ("64:ff9b::192.0.2.7", "192.0.2.7", "192.0.2.7/32"),
        ("64:ff9b:1::192.0.2.7", "64:ff9b:1::c000:207", "64:ff9b:1::/64"),
        ("2002:c000:207::1", "192.0.2.7", "192.0.2.7/32"),
        ("192.0.2.7:4711", "192.0.2.7", "192.0.2.7/32"),
        ("[2001:db8::7]:4711", "2001:db8::7", "2001:db8::/64"),
        ("[::ffff:192.0.2.7]:4711", "192.0.2.7", "192.0.2.7/32"),
        ("[2001:db8::7]", "2001:db8::7", "2001:db8::/64"),
        (" 192.0.2.7 ", "192.0.2.7", "192.0.2.7/32"),
        ("192.0.2.7:port", None, "unknown"),
        ("nonsense", None, "unknown"),
        ("", None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_an_address_has_one_form_and_one_network(
    written: str | None, address: str | None, network: str
) -> None:
    assert plain(written) == address
    assert network_of(written) == network


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_the_address_it_maps(address: IPv4Address) -> None:
    mapped = f"::ffff:{address}"

    assert plain(mapped) == plain(str(address)) == str(address)
    assert network_of(mapped) == network_of(str(address))


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_one_line_of_ipv6_is_one_network(address: IPv6Address, host: int) -> None:
    neighbour = IPv6Address(int(address) >> 64 << 64 | host)
    holds_ipv4 = "." in f"{plain(str(address))}{plain(str(neighbour))}"

    assert holds_ipv4 or network_of(str(address)) == network_of(str(neighbour))


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    address = plain(text)

    assert address is None or plain(address) == address
    assert (address is None) is (network_of(text) == "unknown")
