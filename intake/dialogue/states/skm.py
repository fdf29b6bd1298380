"""The satisfaction survey's two screens: a question nine times, and a last remark."""

from dataclasses import replace

from intake.dialogue import asides, survey
from intake.dialogue.facts import Facts
from intake.dialogue.replies import Say, choices
from intake.dialogue.screen import BACK, SAME, Ends, Row, Screen, chosen, said
from intake.dialogue.state import State, Survey
from intake.dialogue.turn import Move, Turn

ANSWERS = tuple(f"answer-{mark}" for mark in survey.SCALE)


def _under_way(state: State) -> Survey:
    return state.survey or Survey(survey_id="")


def _ask(state: State, _facts: Facts) -> Say:
    return survey.question(_under_way(state))


def _ask_remark(_state: State, _facts: Facts) -> Say:
    return Say(key="SKMC", choices=choices("skip"), style="reply", numbers=False)


def _go(turn: Turn, asked: Survey) -> Move:
    at = "SKM_COMMENT" if survey.is_over(asked) else "SKM"
    return turn.stay().to(at, survey=asked)


def _answer(turn: Turn) -> Move:
    mark = int(turn.choice.id.removeprefix("answer-")) if turn.choice else 1
    return _go(turn, survey.answered(_under_way(turn.state), mark))


def _skip(turn: Turn) -> Move:
    return _go(turn, survey.following(_under_way(turn.state)))


def _previous(turn: Turn) -> Move:
    return _go(turn, survey.previous(_under_way(turn.state)))


def _with_words(turn: Turn) -> Survey:
    asked = _under_way(turn.state)
    return replace(asked, said=(*asked.said, *((turn.said,) if turn.said else ())))


def _remark(turn: Turn) -> Move:
    """Keep words as a remark and ask again; the second time the question is skipped."""
    asked = _with_words(turn)
    if turn.state.tries > 0:
        return _go(turn, survey.following(asked))
    return turn.stay().note(survey=asked, tries=1).say("KEPT_REMARK").ask()


def _save(turn: Turn, asked: Survey) -> Move:
    move = turn.stay().note(survey=None).do(*survey.saved(asked)).say("THANKS")
    return asides.home(move)


def _leave(turn: Turn) -> Move:
    """Save what was answered of a survey that went quiet."""
    asked = _under_way(turn.state)
    return asides.home(turn.stay().note(survey=None).do(*survey.saved(asked)))


_ENDS = Ends(
    holds="answers and remarks",
    after=lambda limits: limits.aside_life,
    goes="saved as far as it was answered",
    act=_leave,
    to=(BACK,),
)

SCREENS = (
    Screen(
        name="SKM",
        gathers=False,
        ask=_ask,
        rows=(
            Row(chosen(*ANSWERS), "next question, after the ninth a last remark", _answer,
                (SAME, "SKM_COMMENT")),
            Row(chosen("previous"), "the question before", _previous, (SAME,)),
            Row(chosen("pass"), "next question", _skip, (SAME, "SKM_COMMENT")),
            Row(chosen("stop"), "saves what was answered",
                lambda turn: _save(turn, _under_way(turn.state)), (BACK,)),
            Row(said, "keeps the words as remark and asks again; the second time goes on",
                _remark, (SAME, "SKM_COMMENT")),
        ),
        ends=_ENDS,
    ),
    Screen(
        name="SKM_COMMENT",
        ask=_ask_remark,
        rows=(
            Row(chosen("skip"), "saves the survey",
                lambda turn: _save(turn, _under_way(turn.state)), (BACK,)),
            Row(said, "saves the survey with these words",
                lambda turn: _save(turn, _with_words(turn)), (BACK,)),
        ),
        ends=_ENDS,
    ),
)  # fmt: skip
