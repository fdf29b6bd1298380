"""The pure parts of the web chat."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from core.ground.secret import Secret
from intake.channels.webchat import incoming
from intake.channels.webchat.keys import chat_of, key_of
from intake.chat import buttons
from intake.dialogue import events as happens
from intake.uploads.limits import DEFAULT_LIMITS
from intake.uploads.receive import Received


@given(st.uuids(), st.binary(min_size=1, max_size=64))
def test_a_key_opens_its_own_chat_under_its_own_secret_alone(chat: UUID, content: bytes) -> None:
    secret = Secret.of(content)
    key = key_of(secret, chat)

    assert chat_of(secret, key) == chat
    assert chat_of(Secret.of(content + b"x"), key) is None
    assert chat_of(Secret.of(content + b"x", content), key) == chat


@given(st.text(max_size=60))
def test_no_other_text_is_a_key(text: str) -> None:
    assert chat_of(Secret.of(b"secret"), text) is None


@given(
    st.dictionaries(
        st.sampled_from(["say", "press", "id", "start", "chat"]),
        st.lists(st.text(max_size=30), min_size=1, max_size=2).map(tuple),
    )
)
def test_any_form_is_read(fields: dict[str, tuple[str, ...]]) -> None:
    posted = incoming.read(Received(fields=fields), DEFAULT_LIMITS)

    assert posted.key
    said, pressed = (fields.get(name, ("",))[-1] for name in ("say", "press"))
    assert len(posted.events) == (1 if said.strip() or buttons.read(pressed) else 0)
    assert (posted.opening is None) == ("start" not in fields)


def test_a_button_wins_over_words_and_a_command_is_one() -> None:
    pressed = incoming.read(
        Received(fields={"say": ("halo",), "press": ("send:3:",)}), DEFAULT_LIMITS
    )
    typed = incoming.read(
        Received(fields={"say": ("/batal",), "id": (str(uuid4()),)}), DEFAULT_LIMITS
    )
    named = typed.key

    assert pressed.events == (happens.Press(id="send", version=3),)
    assert typed.events == (happens.Command(name="batal", message=named),)


def test_a_sending_keeps_its_name_only_while_it_says_the_same() -> None:
    name = str(uuid4())

    def key(**fields: str) -> str:
        form = Received(fields={"id": (name,)} | {each: (fields[each],) for each in fields})
        return incoming.read(form, DEFAULT_LIMITS).key

    assert key(say="AC mati") == key(say=" AC mati ")
    others = {key(say="AC mati"), key(say="AC mati total"), key(press="send:1:"), key()}
    assert len(others) == 4
