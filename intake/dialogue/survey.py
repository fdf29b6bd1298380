"""The satisfaction survey (SKM, Permenpan RB 14/2017): nine elements, answers 1 to 4.

Only order and codes live here; the wording is in the catalogue (`skm.<code>`,
`skm.<code>.<1-4>`). Answers are stored by code, since published forms differ in order.
"""

from dataclasses import replace
from typing import Final

from intake.dialogue.effects import SaveSurvey
from intake.dialogue.replies import Choice, Param, Say, Term, choices
from intake.dialogue.state import Survey

ELEMENTS: Final = (
    "persyaratan",
    "prosedur",
    "waktu",
    "biaya",
    "produk",
    "kompetensi",
    "perilaku",
    "sarana",
    "pengaduan",
)
SCALE: Final = (1, 2, 3, 4)


def question(survey: Survey) -> Say:
    """Ask the present question, in place of the one before."""
    code = ELEMENTS[survey.question]
    answers = tuple(Choice(id=f"answer-{mark}", key=f"skm.{code}.{mark}") for mark in SCALE)
    params: dict[str, Param] = {
        "i": survey.question + 1,
        "n": len(ELEMENTS),
        "question": Term(f"skm.{code}"),
    }
    return Say(
        key="SKM",
        params=params,
        choices=(*answers, *choices("previous", "pass", "stop")),
        style="inline",
        edit=survey.question > 0,
    )


def answered(survey: Survey, mark: int) -> Survey:
    """Record an answer and go on."""
    answers = {**survey.answers, ELEMENTS[survey.question]: mark}
    return following(replace(survey, answers=answers))


def following(survey: Survey) -> Survey:
    """Go to the next question; the number of elements means that all were asked."""
    return replace(survey, question=survey.question + 1)


def previous(survey: Survey) -> Survey:
    """Go back one question, at most to the first."""
    return replace(survey, question=max(0, survey.question - 1))


def is_over(survey: Survey) -> bool:
    """Tell whether every element was asked."""
    return survey.question >= len(ELEMENTS)


def saved(survey: Survey) -> tuple[SaveSurvey, ...]:
    """Return the effect that files the survey; nothing if nothing was answered or said."""
    if not survey.answers and not survey.said:
        return ()
    effect = SaveSurvey(
        survey_id=survey.survey_id,
        unit=survey.unit,
        qr_code=survey.qr_code,
        answers=dict(survey.answers),
        said=survey.said,
        complete=len(survey.answers) == len(ELEMENTS),
    )
    return (effect,)
