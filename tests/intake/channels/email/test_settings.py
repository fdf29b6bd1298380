from pathlib import Path

import pytest
from pydantic import ValidationError

from core.ground.setting_shapes import place
from intake.channels.email.settings import MailSettings, ReceivingSettings, Relay


@pytest.mark.parametrize("text", ["", "25", ":25", "host:", "host:x"])
def test_a_listener_needs_address_and_port(text: str) -> None:
    with pytest.raises(ValueError, match="is not address:port"):
        place(text)


def test_a_server_of_ours_is_known_however_its_address_is_written() -> None:
    written = ("::ffff:192.0.2.1", "2001:0db8::0001", "mx.example.org")

    settings = ReceivingSettings(own_servers=written, smtp_listen="127.0.0.1:25")

    assert settings.servers == {"192.0.2.1", "2001:db8::1", "mx.example.org"}
    assert settings.doors("rs.example.org")[0].trusted == settings.servers


def test_settings_name_the_doors(tmp_path: Path) -> None:
    none = ReceivingSettings()
    both = ReceivingSettings(smtp_listen="0.0.0.0:25", lmtp_listen="[::1]:24")

    assert none.doors("rs.example.org") == ()
    smtp, lmtp = both.doors("rs.example.org")
    assert (smtp.host, smtp.port, smtp.lmtp, smtp.hostname) == (
        "0.0.0.0",  # noqa: S104 - as operators write it
        25,
        False,
        "rs.example.org",
    )
    assert (lmtp.host, lmtp.port, lmtp.lmtp) == ("::1", 24, True)
    with pytest.raises(ValidationError, match="go together"):
        ReceivingSettings(tls_key=tmp_path / "key.pem")
    with pytest.raises(ValidationError, match="TLS needs"):
        ReceivingSettings(require_tls=True)


FROM = "kiss@rs.example.org"


def test_the_settings_say_what_is_wrong_with_them() -> None:
    for wrong in ({"url": "http://x"}, {"url": "smtp://"}, {"from_address": "a@b.example, c"}):
        with pytest.raises(ValidationError):
            MailSettings(**wrong)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(ValueError, match="off"):
        Relay.of(MailSettings())

    settings = MailSettings(url="smtp://a:b@mail.example.org", from_address=FROM)
    assert (settings.relay.port, settings.own_domain) == (587, "rs.example.org")
    assert "b@mail" not in repr(settings)
    assert not settings.relay.is_local
