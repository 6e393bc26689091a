"""Questionnaires that nobody wrote: sound documents of every shape, for property tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from surveys.questionnaires.document import is_storable
from surveys.questionnaires.schema import QuestionKind

Document = dict[str, Any]

TEXTS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20
    )
    .map(str.strip)
    .filter(lambda text: bool(text) and is_storable(text))
)
POINTS = st.decimals(min_value=0, max_value=100, places=2)
WEIGHTS = st.decimals(min_value=Decimal("0.01"), max_value=9, places=4)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    """Any of the fields, each with a value or left out."""
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def options(draw: st.DrawFn, *, pointed: bool) -> list[Document]:
    """Two to five options that differ in their first letter; the first earns something when `pointed`."""
    found = []
    for place in range(draw(st.integers(2, 5))):
        option = {"code": f"o{place}", "label": f"{place} {draw(TEXTS)}", **draw(optional(hint=TEXTS))}
        if pointed:
            option["points"] = draw(POINTS) + (1 if place == 0 else 0)
        found.append(option)
    found[-1].update(draw(optional(other=st.booleans())))
    return found


@st.composite
def questions(draw: st.DrawFn, code: str, *, in_points: bool, earlier: list[Document]) -> Document:
    """One question with this code; it may depend on one of the `earlier` ones."""
    kind = draw(st.sampled_from(list(QuestionKind)))
    question: Document = {"code": code, "kind": kind.value, "text": draw(TEXTS)}
    question |= draw(
        optional(
            help=TEXTS,
            why=TEXTS,
            evidence=TEXTS,
            minutes=st.integers(1, 480),
            required=st.booleans(),
            comment_allowed=st.booleans(),
            not_applicable=st.just({"effect": "left_out"}),
        )
    )
    match kind:
        case QuestionKind.MATURITY:
            question |= _levels(draw, in_points=in_points)
        case QuestionKind.SINGLE_CHOICE:
            question["scored"] = in_points and draw(st.booleans())
            question["options"] = draw(options(pointed=question["scored"]))
        case QuestionKind.MULTI_CHOICE:
            question["scored"] = in_points and draw(st.booleans())
            question["options"] = draw(options(pointed=question["scored"]))
            question |= draw(optional(max_choices=st.integers(1, 2)))
            if question["scored"]:
                question |= draw(optional(points_cap=st.just(Decimal("0.5"))))
        case QuestionKind.NUMBER:
            question |= draw(optional(unit=TEXTS, minimum=st.integers(-9, 0), maximum=st.integers(1, 10**9)))
            question["decimals"] = draw(st.integers(0, 4))
        case QuestionKind.PERCENTAGE_SPLIT:
            question["parts"] = [{"code": f"p{n}", "label": f"{n} {draw(TEXTS)}"} for n in range(3)]
            question |= draw(optional(total=st.integers(1, 1000)))
        case QuestionKind.LONG_TEXT:
            question |= draw(optional(max_words=st.integers(1, 5_000), consent=TEXTS))
        case _:
            pass
    question |= _condition(draw, earlier)
    if not in_points:
        question |= draw(optional(weight=WEIGHTS))
    return question


def _condition(draw: st.DrawFn, earlier: list[Document]) -> Document:
    numbers = [each["code"] for each in earlier if each["kind"] == "number"]
    choices = [each["code"] for each in earlier if "options" in each]
    if numbers and draw(st.booleans()):
        return {"asked_if": {"question": draw(st.sampled_from(numbers)), "at_least": 1}}
    if choices and draw(st.booleans()):
        chosen = {"question": draw(st.sampled_from(choices)), "not_chosen": ["o0"]}
        return {"asked_if": {draw(st.sampled_from(["all", "any"])): [chosen, chosen]}}
    return {}


def _levels(draw: st.DrawFn, *, in_points: bool) -> Document:
    if in_points:
        return {
            "levels": [
                {"value": n, "name": f"Level {n}", "text": f"{n} things", "points": draw(POINTS) + n}
                for n in range(draw(st.integers(1, 3)), 6)
            ]
        }
    written = [{"value": n, "text": f"{n} {draw(TEXTS)}"} for n in range(3)]
    return draw(st.sampled_from([{}, {"omits_levels": [1]}, {"levels": written}]))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A sound questionnaire with one to three dimensions, with or without sections."""
    in_points = draw(st.booleans())
    scale: Document = {"code": "s", "name": draw(TEXTS), "rule": draw(TEXTS)}
    scale["levels"] = [{"value": n, "code": f"l{n}", "name": f"{n} {draw(TEXTS)}"} for n in range(3)]
    found: Document = {
        "key": "made-up",
        "version": "1",
        "title": draw(TEXTS),
        "scoring": "points" if in_points else "scale",
        "dimensions": [],
        **({} if in_points else {"scale": scale}),
        **draw(
            optional(
                about=TEXTS,
                source=TEXTS,
                licence=TEXTS,
                overall=st.booleans(),
                minimum_share=st.decimals(min_value=0, max_value=1, places=4),
            )
        ),
    }
    earlier: list[Document] = []
    for place in range(draw(st.integers(1, 3))):
        dimension: Document = {"code": f"d{place}", "name": draw(TEXTS), **draw(optional(about=TEXTS))}
        drawn = []
        for number in range(draw(st.integers(1, 3))):
            question = draw(questions(f"q{place}.{number}", in_points=in_points, earlier=earlier))
            earlier.append(question)
            drawn.append(question)
        if draw(st.booleans()):
            dimension["sections"] = [{"code": f"s{place}", "name": draw(TEXTS), "questions": drawn}]
        else:
            dimension["questions"] = drawn
        found["dimensions"].append(dimension)
    return found | _contradictions(draw, earlier, highest=5 if in_points else 2)


def _contradictions(draw: st.DrawFn, asked: list[Document], *, highest: int) -> Document:
    """At most one contradiction, between a level and another answer, where there are both."""
    levels = [each["code"] for each in asked if each["kind"] == "maturity"]
    choices = [each["code"] for each in asked if "options" in each]
    if not (levels and choices and draw(st.booleans())):
        return {}
    held = [
        {"question": draw(st.sampled_from(choices)), "chosen": ["o0"]},
        {"question": draw(st.sampled_from(levels)), draw(st.sampled_from(["at_least", "equals"])): highest},
    ]
    return {"contradictions": [{"code": "c", "all": held, "words": draw(TEXTS)}]}
