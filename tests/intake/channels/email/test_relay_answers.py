from core.ground.errors import Reason
from intake.channels.email.relay_answers import SmtpStep, error_of


def test_an_answer_that_is_none_may_pass() -> None:
    assert error_of(SmtpStep.RECIPIENT, 299, "?").reason is Reason.UNREACHABLE
