import hashlib
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.digest import canonical_json, digest, from_document, to_document
from surveys.questionnaires.document import is_exact
from surveys.questionnaires.loading import parse
from tests.questionnaires.examples import EVERY_EXAMPLE, FIXTURES, document, example
from tests.questionnaires.generated import Document, documents


@pytest.mark.parametrize("name", EVERY_EXAMPLE)
def test_every_example_survives_the_journey_to_json_and_back(name: str) -> None:
    questionnaire = example(name)

    assert from_document(to_document(questionnaire)) == questionnaire
    assert from_document(json.loads(canonical_json(questionnaire))) == questionnaire


@given(documents())
def test_every_sound_questionnaire_survives_the_journey_to_json_and_back(made_up: Document) -> None:
    questionnaire = from_document(made_up)
    again = from_document(json.loads(canonical_json(questionnaire)))

    assert again == questionnaire
    assert canonical_json(again) == canonical_json(questionnaire)
    assert digest(again) == digest(questionnaire)


@given(documents(), documents())
def test_two_questionnaires_share_a_digest_only_when_they_are_equal(one: Document, other: Document) -> None:
    first, second = from_document(one), from_document(other)

    assert (digest(first) == digest(second)) == (first == second)


@given(st.decimals(min_value=-(10**11) + 1, max_value=10**11 - 1, places=4))
def test_a_number_of_fifteen_digits_keeps_every_one_of_them(number: Decimal) -> None:
    questionnaire = example("every_kind")
    stores, people = questionnaire.dimensions
    analysts = replace(people.questions[1], minimum=None, maximum=number, decimals=4)
    changed = replace(questionnaire, dimensions=(stores, replace(people, questions=(analysts,))))

    written = json.loads(canonical_json(changed), parse_float=Decimal)

    assert written["dimensions"][1]["questions"][0]["maximum"] == number


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        ("0", True),
        ("0.0001", True),
        ("12345678901.2345", True),
        ("100000000000000", True),
        ("1E+14", True),
        ("0.00001", False),
        ("1E+15", False),
        ("123456789012.3456", False),
        ("NaN", False),
        ("-Infinity", False),
    ],
)
def test_which_numbers_a_questionnaire_may_hold(number: str, exact: bool) -> None:
    assert is_exact(Decimal(number)) is exact


def test_a_number_that_cannot_be_exact_is_not_written() -> None:
    questionnaire = replace(example("every_kind"), minimum_share=Decimal("0.00001"))

    with pytest.raises(ValueError, match="has too many digits to be written exactly"):
        to_document(questionnaire)


def test_the_digest_is_the_sha_256_of_one_line_of_sorted_json_in_utf_8() -> None:
    questionnaire = from_document(document(title="Café"))
    text = canonical_json(questionnaire)

    assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text
    assert '"title":"Café"' in text
    assert "\n" not in text
    assert digest(questionnaire) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_how_a_file_is_written_does_not_change_its_digest() -> None:
    text = (FIXTURES / "every_kind.yaml").read_text()
    rewritten = (
        text.replace("points: 2.5}", "points: 2.500}")
        .replace("title: Every kind of question", 'title: "Every kind of question"   # a comment')
        .replace("required: false", "required: False")
        .replace("suggested_lead: head\n        theme: use", "theme: use\n        suggested_lead: head")
    )

    assert rewritten != text
    assert digest(parse(rewritten, "x")) == digest(parse(text, "x"))


def test_what_equals_its_default_is_left_out_so_that_new_fields_change_no_digest() -> None:
    written = to_document(example("topic_by_theme"))

    assert written["dimensions"][0]["questions"][0] == {
        "code": "finding_culture",
        "kind": "maturity",
        "text": "People look for data before they collect it.",
        "theme": "culture",
        "scored": True,
        "levels": [
            {"value": 1, "code": "beginning", "name": "Beginning"},
            {"value": 2, "code": "growing", "name": "Growing"},
            {"value": 3, "code": "settled", "name": "Settled"},
        ],
    }
    assert sorted(written) == ["dimensions", "key", "overall", "scale", "themes", "title", "version"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"version": "2"},
        {"dimensions__0__weight": 2},
        {"dimensions__0__questions__0__levels__2__text": "One list covers every main data set."},
        {"dimensions__0__questions__1__options__1__points": Decimal("2.5001")},
        {"dimensions__1__questions__4__consent": "May we print this?"},
        {"dimensions__0__questions__2__required": True},
    ],
)
def test_any_change_of_content_changes_the_digest(change: Document) -> None:
    assert digest(from_document(document(**change))) != digest(example("every_kind"))


def test_a_published_digest_never_drifts() -> None:
    """Should this fail, everything already published would look changed: keep the canonical form as it
    was.
    """
    assert (
        digest(example("yes_no_partly")) == "a2edf65f9be037902a497710b9197b525c79a4348eba1b036698190c69a794b3"
    )
