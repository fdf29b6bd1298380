"""Tracking codes, made and typed."""

from hypothesis import given
from hypothesis import strategies as st

from core.ground.secret import Secret
from core.tickets import tracking_code

anything = st.text(st.characters(), max_size=300) | st.text(max_size=300)


@given(st.binary(min_size=1, max_size=64), anything)
def test_a_tracking_code_is_read_back_however_it_is_typed(secret: bytes, key: str) -> None:
    code = tracking_code.code_for(Secret.of(secret), key.encode(errors="replace").decode())

    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", "  ")):
        assert tracking_code.read_code(typed) == code
    assert len(code.replace("-", "")) * 5 == 80


@given(anything)
def test_any_typed_text_is_a_code_or_none(typed: str) -> None:
    code = tracking_code.read_code(typed)

    assert code is None or tracking_code.read_code(code) == code
