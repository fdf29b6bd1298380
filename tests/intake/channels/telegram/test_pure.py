"""The pure parts of the channel, against anything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ground.secret import Secret
from intake.channels.telegram.keyboards import markup
from intake.channels.telegram.profile import SHOWN
from intake.channels.telegram.settings import TelegramSettings
from intake.channels.telegram.split import LIMIT, split
from intake.channels.telegram.understand import UnreadableError, chat_of, understand
from intake.chat import buttons
from intake.dialogue import commands, wording
from intake.dialogue import events as happens
from intake.dialogue.replies import Choice, Say, choices
from tests.intake.channels.telegram.fake import FakeTelegram, Person

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=20,
)
NAMES = st.sampled_from(
    ["message_id", "date", "chat", "from", "text", "photo", "voice", "contact", "id", "type",
     "location", "sticker", "caption", "data", "message", "document", "entities", "user_id"]
)  # fmt: skip
BODY = st.dictionaries(NAMES, JSON, max_size=8)
KINDS = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "poll"])


@given(JSON | st.dictionaries(KINDS, BODY))
def test_no_update_whatsoever_raises_anything_but_unreadable(raw: object) -> None:
    chat_of(raw)
    try:
        understand(raw)
    except UnreadableError:
        return


@given(st.text(max_size=9000))
def test_parts_fit_hold_every_word_and_keep_their_order(text: str) -> None:
    parts = split(text)

    assert all(0 < len(part.encode("utf-16-le", "surrogatepass")) // 2 <= LIMIT for part in parts)
    assert "".join("".join(parts).split()) == ("".join(text.split()) or "-")


def test_a_cut_falls_on_a_sentence_end() -> None:
    text = "Kalimat pertama. Kalimat kedua yang lebih panjang! " + "x" * 30

    assert split(text, 55)[0] == "Kalimat pertama. Kalimat kedua yang lebih panjang!"


@given(st.text(min_size=1, max_size=80), st.text(max_size=80), st.integers(0, 10**6))
def test_what_a_button_sends_fits_and_comes_back(name: str, about: str, version: int) -> None:
    written = buttons.write(Choice(id="status", about=about), version)
    fits = len(f"status:{version}:{about}".encode()) <= 64

    assert len(written.encode(errors="surrogatepass")) <= 64
    read = buttons.read(written)
    assert read is not None
    assert (read.id, read.version) == ("status", version)
    assert read.about == (about if fits else "")
    assert buttons.read(name) is None or ":" in name


@pytest.mark.parametrize("lang", ["id", "en"])
def test_long_labels_stand_alone_and_marks_stand_together(lang: str) -> None:
    menu = Say(key="MENU", choices=choices("complaint", "survey", "language"), style="reply")
    stars = tuple(Choice(id=f"star-{number}") for number in range(1, 6))
    rated = Say(key="STARS", choices=(*stars, *choices("skip")), style="inline")

    shown = json.loads(markup(menu, lang).to_json())["keyboard"]  # type: ignore[arg-type]  # a language
    marks = json.loads(markup(rated, lang).to_json())["inline_keyboard"]  # type: ignore[arg-type]  # same

    assert all(len(row) <= 2 for row in shown)
    assert sum(map(len, shown)) == 3
    assert [len(row) for row in marks] == [5, 1]


@pytest.mark.parametrize(("id_name", "en_name"), [(row[0], row[1]) for row in SHOWN])
def test_every_command_of_the_menu_is_understood(id_name: str, en_name: str) -> None:
    assert commands.named(id_name) is commands.named(en_name)
    assert commands.named(id_name) is not None


def test_what_carries_no_report_is_said_to_be_and_service_messages_are_not() -> None:
    person = Person(FakeTelegram())

    sticker = person.message(sticker={"file_id": "s", "file_unique_id": "s", "width": 1,
                                      "height": 1, "is_animated": False, "is_video": False,
                                      "type": "regular"})  # fmt: skip
    pinned = person.message(pinned_message=person.message(text="x"))

    assert understand({"update_id": 1, "message": sticker}).event == happens.Unsupported(
        kind="sticker"
    )
    assert understand({"update_id": 2, "message": pinned}).event is None


def test_a_gif_with_a_caption_is_its_words() -> None:
    person = Person(FakeTelegram())
    gif = {"file_id": "g", "file_unique_id": "g", "width": 1, "height": 1, "duration": 1}

    event = understand({"message": person.message(animation=gif, document=gif, caption="Kotor")}
                       | {"update_id": 1}).event  # fmt: skip

    assert isinstance(event, happens.Text)
    assert event.text == "Kotor"


def test_a_place_and_a_venue_are_places() -> None:
    person = Person(FakeTelegram())
    place = {"latitude": -6.2, "longitude": 106.8}
    venue = {"location": place, "title": "RS", "address": "-"}

    for parts in ({"location": place}, {"venue": venue, "location": place}):
        event = understand({"update_id": 1, "message": person.message(**parts)}).event
        assert isinstance(event, happens.Location)
        assert (event.latitude, event.longitude) == (-6.2, 106.8)


def test_secrets_and_paths_follow_the_token_without_holding_it() -> None:
    ours = TelegramSettings(token="123:abc")
    other = TelegramSettings(token="124:abc")

    assert ours.path(Secret.of(b"s" * 32)) != other.path(Secret.of(b"s" * 32))
    assert ours.path(Secret.of(b"s" * 32)) != ours.path(Secret.of(b"t" * 32))
    assert "abc" not in ours.path(Secret.of(b"s" * 32)) + ours.secret(Secret.of(b"s" * 32))
    assert 1 <= len(ours.secret(Secret.of(b"s" * 32))) <= 256
    with pytest.raises(ValueError, match="BotFather"):
        TelegramSettings(token="no token")


def test_every_label_of_the_catalogue_fits_a_button() -> None:
    for words in wording.catalogues().values():
        labels = [text for key, text in words.items() if key.startswith("label.")]
        assert labels
        assert all(0 < len(label) <= 64 for label in labels)
