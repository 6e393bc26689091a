"""The shape of a questionnaire file: pydantic models, and the JSON Schema made from them."""

import json
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from surveys.questionnaires.schema import (
    DEFAULT_MINIMUM_SHARE,
    ONE,
    ComparisonStatus,
    QuestionKind,
    ScoringMethod,
)

SCHEMA_PATH = Path(__file__).with_name("questionnaire.schema.json")

MAXIMUM_DIGITS = 15
MAXIMUM_PLACES = 4
MAXIMUM_POINTS = 10_000
TEXT_LENGTH = 2_000
LONG_TEXT_LENGTH = 10_000


def is_storable(text: str) -> bool:
    """Whether the text has no control characters (but tab and line ends) and no halves of surrogate pairs."""
    return all(
        character in "\t\n\r" or unicodedata.category(character) not in {"Cc", "Cs"} for character in text
    )


def decimal_places(number: Decimal) -> int:
    """Decimal places that a finite number needs: 2.50 needs one, 300 none."""
    return max(-int(number.normalize().as_tuple().exponent), 0)


def is_exact(number: Decimal) -> bool:
    """Whether a number has at most 15 digits, 4 of them after the point: JSON and floats then carry it
    exactly.
    """
    if not number.is_finite():
        return False
    _, digits, exponent = number.normalize().as_tuple()
    return int(exponent) >= -MAXIMUM_PLACES and len(digits) + max(int(exponent), 0) <= MAXIMUM_DIGITS


def _text(value: str) -> str:
    if not is_storable(value):
        raise PydanticCustomError("control_characters", "there are control characters")
    return value


def _exact_number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("number_wanted", "a number is wanted")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not is_exact(number):
        raise PydanticCustomError("number_too_long", "a number is too long")
    return number.normalize() + 0 if number else Decimal(0)


CODE_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9_.-]{0,58}[A-Za-z0-9])?$"
KEY_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$"
VERSION_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,18}[A-Za-z0-9])?$"

Code = Annotated[str, StringConstraints(strict=True, pattern=CODE_PATTERN)]
Key = Annotated[str, StringConstraints(strict=True, pattern=KEY_PATTERN)]
Version = Annotated[str, StringConstraints(strict=True, pattern=VERSION_PATTERN)]
Name = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_text),
]
Unit = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=30),
    AfterValidator(_text),
]
Text = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=TEXT_LENGTH),
    AfterValidator(_text),
]
LongText = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LONG_TEXT_LENGTH),
    AfterValidator(_text),
]
Number = Annotated[Decimal, BeforeValidator(_exact_number), WithJsonSchema({"type": "number"})]
Points = Annotated[
    Decimal,
    BeforeValidator(_exact_number),
    Field(ge=0, le=MAXIMUM_POINTS),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": MAXIMUM_POINTS}),
]
Weight = Annotated[
    Decimal,
    BeforeValidator(_exact_number),
    Field(gt=0, le=1000),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1000}),
]
Share = Annotated[
    Decimal,
    BeforeValidator(_exact_number),
    Field(ge=0, le=1),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
LevelValue = Annotated[int, Field(ge=-100, le=1000)]


class Document(BaseModel):
    """Strict (no text for numbers or the other way) and closed (no unknown keys)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class NotApplicableDocument(Document):
    effect: Annotated[
        Literal["left_out", "points"],
        Field(description="left_out: not counted at all. points: counts as the points given."),
    ]
    points: Points | None = None


class ScaleLevelDocument(Document):
    value: LevelValue
    code: Code
    name: Name
    text: Text | None = None
    points: Points | None = None


class LevelDocument(Document):
    value: LevelValue
    code: Annotated[Code | None, Field(description="Taken from the scale when left out.")] = None
    name: Annotated[Name | None, Field(description="Taken from the scale when left out.")] = None
    text: Annotated[
        Text | None,
        Field(description="The descriptor: what is true at this level. The scale's when left out."),
    ] = None
    points: Points | None = None


class ScaleDocument(Document):
    code: Code
    name: Name
    rule: Annotated[Text, Field(description="How to choose a level; shown beside the choices.")]
    levels: Annotated[list[ScaleLevelDocument], Field(min_length=2, max_length=20)]


class GroupDocument(Document):
    code: Code
    name: Name
    about: Text | None = None


class GapDocument(Document):
    first: Annotated[Code, Field(description="Group from whose score the other is taken away.")]
    second: Code


class ThemeDocument(Document):
    code: Code
    name: Name
    about: Text | None = None


class LeadRoleDocument(Document):
    code: Code
    name: Name


class OptionDocument(Document):
    code: Code
    label: Name
    hint: Text | None = None
    points: Points | None = None
    exclusive: Annotated[bool, Field(description="May not be chosen together with others.")] = False
    other: Annotated[bool, Field(description="Takes text beside it.")] = False
    not_applicable: NotApplicableDocument | None = None


class SharedOptionDocument(Document):
    code: Code
    label: Name
    hint: Text | None = None
    share_of_points: Annotated[
        Share | None, Field(description="Part of the question's points that this option earns, 0 to 1.")
    ] = None
    exclusive: bool = False
    other: bool = False
    not_applicable: NotApplicableDocument | None = None


class OptionSetDocument(Document):
    code: Code
    options: Annotated[list[SharedOptionDocument], Field(min_length=2, max_length=100)]


class PartDocument(Document):
    code: Code
    label: Name
    hint: Text | None = None


class ConditionDocument(Document):
    question: Annotated[Code | None, Field(description="Code of an earlier question.")] = None
    chosen: Annotated[list[Code] | None, Field(description="Any of these options is chosen.")] = None
    not_chosen: Annotated[list[Code] | None, Field(description="Answered, and none of these is chosen.")] = (
        None
    )
    equals: Number | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    more_than: Number | None = None
    less_than: Number | None = None


class AskedIfDocument(ConditionDocument):
    all: Annotated[
        list[ConditionDocument] | None, Field(min_length=1, description="Every one must hold.")
    ] = None
    any: Annotated[
        list[ConditionDocument] | None, Field(min_length=1, description="One of them must hold.")
    ] = None


class QuestionDocument(Document):
    code: Code
    kind: Annotated[QuestionKind, Field(strict=False)]
    text: Text
    help: LongText | None = None
    why: Text | None = None
    evidence: Text | None = None
    suggested_lead: Annotated[Code | None, Field(description="Code of one of lead_roles.")] = None
    theme: Annotated[Code | None, Field(description="Code of one of themes.")] = None
    minutes: Annotated[int | None, Field(ge=1, le=480, description="By kind when left out.")] = None
    required: bool = True
    scored: Annotated[bool | None, Field(description="Left out: true for maturity, false for the rest.")] = (
        None
    )
    weight: Weight = ONE
    comment_allowed: bool = True
    not_applicable: NotApplicableDocument | None = None
    asked_if: AskedIfDocument | None = None
    levels: Annotated[
        list[LevelDocument] | None,
        Field(min_length=2, max_length=20, description="The scale's when left out."),
    ] = None
    omits_levels: Annotated[
        list[LevelValue] | None,
        Field(description="Levels of the scale that this question leaves out on purpose."),
    ] = None
    options: Annotated[list[OptionDocument] | None, Field(min_length=2, max_length=100)] = None
    option_set: Annotated[
        Code | None, Field(description="Code of one of option_sets, instead of options.")
    ] = None
    points: Annotated[Points | None, Field(description="With option_set: what a share of 1 earns.")] = None
    max_choices: Annotated[int | None, Field(ge=1, le=100)] = None
    points_cap: Points | None = None
    unit: Unit | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    decimals: Annotated[int, Field(ge=0, le=MAXIMUM_PLACES)] = 0
    parts: Annotated[list[PartDocument] | None, Field(min_length=2, max_length=50)] = None
    total: Number | None = None
    max_words: Annotated[int | None, Field(ge=1, le=5_000)] = None
    consent: Annotated[Text | None, Field(description="Yes or no question asked beside the text.")] = None


class SectionDocument(Document):
    code: Code
    name: Name
    about: Text | None = None
    weight: Weight | None = None
    questions: Annotated[list[QuestionDocument], Field(min_length=1)]


class DimensionDocument(Document):
    code: Code
    name: Name
    about: Text | None = None
    group: Annotated[Code | None, Field(description="Code of one of groups.")] = None
    gap_core: bool = False
    weight: Weight = ONE
    questions: Annotated[list[QuestionDocument] | None, Field(min_length=1)] = None
    sections: Annotated[list[SectionDocument] | None, Field(min_length=1)] = None


class ContradictionDocument(Document):
    code: Code
    all: Annotated[
        list[ConditionDocument],
        Field(min_length=2, max_length=20, description="When all of these hold, the answers do not fit."),
    ]
    words: Annotated[Text, Field(description="What does not fit, for a reviewer.")]


class ComparedQuestionDocument(Document):
    code: Annotated[Code | None, Field(description="Code in this version; left out when retired.")] = None
    previous: Annotated[
        Code | None, Field(description="Code in the previous version, if it was another.")
    ] = None
    status: Annotated[ComparisonStatus, Field(strict=False)]
    note: Text | None = None


class ComparisonDocument(Document):
    previous_version: Version
    questions: Annotated[list[ComparedQuestionDocument], Field(min_length=1)]


class QuestionnaireDocument(Document):
    """A self-assessment questionnaire."""

    schema_version: Literal[1] = 1
    key: Key
    version: Version
    title: Name
    about: LongText | None = None
    source: Annotated[Text | None, Field(description="Whose instrument it is and where it is published.")] = (
        None
    )
    licence: Text | None = None
    scoring: Annotated[ScoringMethod, Field(strict=False)] = ScoringMethod.SCALE
    minimum_share: Share = DEFAULT_MINIMUM_SHARE
    overall: Annotated[bool, Field(description="Whether there is an overall score.")] = True
    scale: ScaleDocument | None = None
    groups: list[GroupDocument] = []
    gap: GapDocument | None = None
    themes: list[ThemeDocument] = []
    lead_roles: list[LeadRoleDocument] = []
    option_sets: list[OptionSetDocument] = []
    dimensions: Annotated[list[DimensionDocument], Field(min_length=1)]
    contradictions: Annotated[
        list[ContradictionDocument],
        Field(description="Answers that do not fit together; a reviewer looks at them again."),
    ] = []
    comparison: ComparisonDocument | None = None


def json_schema() -> str:
    """The JSON Schema of a questionnaire file, as the text of the committed file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **QuestionnaireDocument.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(json_schema())
