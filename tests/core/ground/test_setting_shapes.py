"""Settings that cannot be meant are refused by a sentence, and all of them at once."""

import pytest
from pydantic import ValidationError

from core.ground.settings import Settings

WRONG = {
    "public_url": (
        "foo",
        "http://",
        "ftp://rs.example.org",
        "https://a:b@rs.example.org",
        "https://rs.example.org/?a=1",
        "https://rs.example.org/#a",
        "https://rs .example",
        "https://rs.example.org:99999",
    ),
    "host": ("", "a b", "-x-", "http://0.0.0.0"),
    "port": (0, 65536, -1),
    "trusted_proxies": (("proxy",),),
    "phone_region": ("XX", "Indonesia"),
    "BROKER_URL": ("carrier-pigeon://127.0.0.1", "redis://", "amqp://host:many"),
    "storage_url": ("http://bucket", "s3://"),
    "database_timeout": (0, -1),
    "DATABASE_URL": ("foo", "mysql://db/kiss"),
}
RIGHT = {
    "public_url": ("https://lapor.rs.example.org", "http://[::1]:8080", "http://rs/kiss/"),
    "host": ("127.0.0.1", "::", "[::1]", "localhost"),
    "trusted_proxies": (("10.0.0.1", "::1"),),
    "phone_region": ("ID", "de"),
    "BROKER_URL": ("redis://127.0.0.1", "amqps://a:b@mq.example.org:5671/x"),
    "storage_url": ("/srv/files", "s3://bucket/prefix?region=x", "files"),
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, each in WRONG.items() for v in each])
def test_what_cannot_be_meant_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({name: value})


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, each in RIGHT.items() for v in each])
def test_what_is_meant_is_taken(name: str, value: object) -> None:
    assert Settings.model_validate({name: value})
