"""However a questionnaire is broken, the answer is a questionnaire or a list of problems, never another
exception.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.questionnaires.comparison import diff
from surveys.questionnaires.digest import digest, from_document
from surveys.questionnaires.loading import parse
from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.responses import Response, asked, missing
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.scoring import score
from tests.questionnaires.examples import EVERY_EXAMPLE, FIXTURES, document, example

TEXTS = [(FIXTURES / f"{name}.yaml").read_bytes() for name in EVERY_EXAMPLE]
ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["catalogue", "owner", "yes", "scale", "points", "maturity", "", "\0", "\ud800", "%s {0} {x}"]
    ),
    st.just([]),
    st.just({}),
    st.lists(st.integers(-5, 5), max_size=3),
    st.dictionaries(
        st.sampled_from(["code", "value", "text", "question", "zz{}"]), st.text(max_size=3), max_size=3
    ),
)
ODD_BYTES = st.one_of(
    st.binary(min_size=1, max_size=4),
    st.sampled_from(
        [b"\t", b": ", b"- ", b"&a ", b"*a", b"{", b"[", b"!!x ", b"\n---\n", b'"', b"|\n", b"\xff"]
    ),
)


def paths(node: Any, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value inside a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path for step, value in inner for path in ((*way, step), *paths(value, (*way, step)))]


DOCUMENTS = [(content, paths(content)) for content in map(document, EVERY_EXAMPLE)]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """An example with up to three values replaced, taken away, repeated or misspelt."""
    original, ways = draw(st.sampled_from(DOCUMENTS))
    content: dict[str, Any] = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(ways))
        node: Any = content
        try:
            for step in way:
                node = node[step]
            _mutate(draw, node, last)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    return content


def _mutate(draw: st.DrawFn, node: Any, last: str | int) -> None:
    value = node[last]
    match draw(st.sampled_from(["replace", "delete", "repeat", "misspell"])):
        case "replace":
            node[last] = draw(ODD_VALUES)
        case "delete":
            del node[last]
        case "repeat" if isinstance(node, list):
            node.append(copy.deepcopy(value))
        case "misspell" if isinstance(node, dict):
            node[f"{last}x"] = node.pop(last)
        case _:
            node[last] = [value]


EXAMPLES = {questionnaire.key: questionnaire for questionnaire in map(example, EVERY_EXAMPLE)}


def use(questionnaire: Questionnaire) -> None:
    """What is accepted must work to the end, and must differ from its original exactly where it does."""
    original = EXAMPLES.get(questionnaire.key, questionnaire)
    alike = replace(questionnaire, version=original.version, comparison=None)
    assert (digest(alike) == digest(original)) == (alike == original)
    assert diff(original, questionnaire).is_empty == (alike == original)
    assert asked(questionnaire, {}) <= set(questionnaire.questions_by_code)
    assert set(missing(questionnaire, {})) <= asked(questionnaire, {})
    assert score(questionnaire, {}).method is questionnaire.scoring
    everything = {
        question.code: Response(
            level=question.levels[0].value if question.levels else None,
            options=(question.options[0].code,) if question.options else (),
        )
        for question in questionnaire.questions
    }
    assert score(questionnaire, everything).dimensions.keys() <= {
        each.code for each in questionnaire.dimensions
    }


def said(error: QuestionnaireError) -> None:
    assert error.problems != ()
    for problem in error.problems:
        assert problem.file == "fuzzed.yaml"
        assert problem.message.endswith(".")
        assert problem.mend.endswith((".", "?"))
        assert str(problem).isprintable()


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_a_mutated_document_is_used_or_explained(content: dict[str, Any]) -> None:
    try:
        questionnaire = from_document(content, "fuzzed.yaml")
    except QuestionnaireError as error:
        said(error)
    else:
        use(questionnaire)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 30), ODD_BYTES), max_size=4),
)
def test_a_mutated_file_is_used_or_explained(text: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    for start, length, instead in cuts:
        text = text[:start] + instead + text[start + length :]
    try:
        questionnaire = parse(text, "fuzzed.yaml")
    except QuestionnaireError as error:
        said(error)
    else:
        use(questionnaire)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_noise_is_explained(noise: bytes | str) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        parse(noise, "fuzzed.yaml")
    said(caught.value)


@pytest.mark.parametrize(
    "number",
    ["9" * 5_000, "1e999999999", "-" + "9" * 40, "0." + "1" * 5_000, ".inf", ".nan"],
    ids=["5,000 digits", "exponent", "40 digits", "5,000 places", "infinity", "not a number"],
)
def test_a_number_that_nothing_can_hold_is_explained(number: str) -> None:
    text = (FIXTURES / "every_kind.yaml").read_text().replace("maximum: 2000", f"maximum: {number}")

    with pytest.raises(QuestionnaireError) as caught:
        parse(text, "fuzzed.yaml")

    said(caught.value)
    assert [problem.code for problem in caught.value.problems] == ["analysts"]


def test_a_decimal_of_any_size_is_refused_without_being_written_out() -> None:
    with pytest.raises(QuestionnaireError) as caught:
        from_document(document(dimensions__1__questions__1__maximum=Decimal("1e999999")), "fuzzed.yaml")

    said(caught.value)
    assert max(len(str(problem)) for problem in caught.value.problems) < 300
