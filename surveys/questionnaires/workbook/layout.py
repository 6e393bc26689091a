"""The sheets of a questionnaire's workbook and their columns, each with what goes into it.

The first sheet has a line for each thing there is once; the others have a row for each dimension, question,
level and so on. A column is called what the file format calls it, in plain words, so that one guide serves
both; `in_` columns say where a row belongs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from surveys.questionnaires.schema import (
    Comparator,
    ComparisonStatus,
    Match,
    QuestionKind,
    ScoringMethod,
)

FORMAT: Final = "Questionnaire workbook 1"
"""What stands in a workbook beside FORMAT_FIELD, so that it is known again."""
FORMAT_FIELD: Final = "Workbook format"
FIELD: Final = "Field"
VALUE: Final = "Value"
YES: Final = "Yes"
NO: Final = "No"


class SheetName(StrEnum):
    """The sheets that are read, in order."""

    QUESTIONNAIRE = "Questionnaire"
    SCALE = "Scale"
    GROUPS = "Groups"
    THEMES = "Themes"
    LEAD_ROLES = "Lead roles"
    DIMENSIONS = "Dimensions"
    SECTIONS = "Sections"
    QUESTIONS = "Questions"
    LEVELS = "Levels"
    OPTIONS = "Options"
    PARTS = "Parts"
    CONDITIONS = "Conditions"
    CONTRADICTIONS = "Contradictions"
    CONTRADICTING_ANSWERS = "Contradicting answers"
    COMPARISON = "Comparison"


class Entry(StrEnum):
    """What a cell takes. CODES are separated by commas, and so are WHOLE_NUMBERS."""

    TEXT = "text"
    NUMBER = "a number"
    WHOLE_NUMBER = "a whole number"
    YES_OR_NO = "Yes or No"
    CHOICE = "one of a list"
    CODES = "codes"
    WHOLE_NUMBERS = "whole numbers"


@dataclass(frozen=True)
class Column:
    """A column, or a line of the first sheet.

    `key` is its place in the document, with full stops between the steps; `in_...` says where the row
    belongs. `about` says what goes in, in at most 255 characters. `choices` are the values that a CHOICE can
    have. `codes_of` is the sheet whose codes it names. `width` is in characters.
    """

    key: str
    about: str
    entry: Entry = Entry.TEXT
    choices: tuple[str, ...] = ()
    codes_of: SheetName | None = None
    called: str = ""
    width: int = 14

    @property
    def heading(self) -> str:
        """The heading of the column."""
        return self.called or in_words(self.key.rpartition(".")[2].removeprefix("in_"))

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of its place in the document."""
        return tuple(self.key.split("."))

    @property
    def belongs(self) -> bool:
        """Whether it says where the row belongs."""
        return self.key.startswith("in_")


@dataclass(frozen=True)
class Layout:
    """A sheet: what it is for, and its columns."""

    name: SheetName
    about: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Return the column with this key. Raises KeyError."""
        return next(column for column in self.columns if column.key == key)


def in_words(name: str) -> str:
    """Return a name of the format as people read it: "gap_core" as "Gap core"."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _values(enum: Iterable[StrEnum]) -> tuple[str, ...]:
    return tuple(value.value for value in enum)


_EFFECTS: Final = ("left_out", "points")
_CODE: Final = (
    "At most 60 letters, digits, full stops, hyphens and underscores. It never means anything else."
)
_IN_QUESTION: Final = Column(
    "in_question", "Code of the question that the row belongs to.", codes_of=SheetName.QUESTIONS, width=20
)
_CODE_COLUMN: Final = Column("code", _CODE, width=20)
_NAME: Final = Column("name", "What people read.", width=40)
_ABOUT: Final = Column("about", "A text about it. Blank: none.", width=60)
_HINT: Final = Column("hint", "A line of guidance below it. Blank: none.", width=40)


def _effect(what: str) -> tuple[Column, Column]:
    return (
        Column(
            "not_applicable.effect",
            f"{what} Left out: not counted. Points: counts as the points given. Blank: not offered.",
            Entry.CHOICE,
            _EFFECTS,
            called="Not applicable",
        ),
        Column(
            "not_applicable.points",
            "What not applicable counts as, when it counts as points.",
            Entry.NUMBER,
            called="Points if not applicable",
        ),
    )


def _compared(which: str, called: str) -> tuple[Column, ...]:
    return (
        Column("question", f"Code of the {which}.", codes_of=SheetName.QUESTIONS, called=called, width=20),
        Column(
            "comparison",
            "What must hold. Chosen and Not chosen go with options, the others with a value.",
            Entry.CHOICE,
            _values(Comparator),
        ),
        Column("options", "Codes of its options, separated by commas.", Entry.CODES, width=40),
        Column("value", "A level or a number.", Entry.NUMBER),
    )


_FIELDS: Final = (
    Column("key", "Small letters, digits and hyphens. The same in every version."),
    Column("version", "At most 20 letters, digits, full stops and hyphens, such as 1.0."),
    Column("title", "What people read."),
    Column("about", "What the questionnaire is for and how to answer it. Blank: none."),
    Column("source", "Whose instrument it is and where it is published. Blank: it is ours."),
    Column("licence", "On what terms it may be used. Blank: it is ours."),
    Column(
        "scoring",
        "Scale: a score is a mean of levels. Points: points of possible points. Blank: Scale.",
        Entry.CHOICE,
        _values(ScoringMethod),
    ),
    Column(
        "minimum_share",
        "Share of the scored questions below which a score is withheld, from 0 to 1. Blank: 0.6.",
        Entry.NUMBER,
    ),
    Column("overall", "Whether there is an overall score. Blank: Yes.", Entry.YES_OR_NO),
    Column("scale.code", "Code of the scale whose levels are on the sheet Scale.", called="Scale code"),
    Column("scale.name", "What people read.", called="Scale name"),
    Column("scale.rule", "How to choose a level; shown beside the choices.", called="Scale rule"),
    Column(
        "gap.first",
        "Code of the group from whose score the other is taken away. Blank: no gap.",
        codes_of=SheetName.GROUPS,
        called="Gap: first group",
    ),
    Column(
        "gap.second",
        "Code of the group whose score is taken away. Blank: no gap.",
        codes_of=SheetName.GROUPS,
        called="Gap: second group",
    ),
    Column(
        "comparison.previous_version",
        "The version before, to which the sheet Comparison relates the questions. Blank: none.",
        called="Previous version",
    ),
)

_QUESTION: Final = (
    Column("in_dimension", "Code of its dimension.", codes_of=SheetName.DIMENSIONS, width=20),
    Column("in_section", "Code of its section. Blank: none.", codes_of=SheetName.SECTIONS, width=16),
    _CODE_COLUMN,
    Column("kind", "How it is answered.", Entry.CHOICE, _values(QuestionKind), width=16),
    Column("text", "What is asked.", width=60),
    Column("help", "Guidance shown with the question. Blank: none.", width=40),
    Column("why", "Why we ask. Blank: none.", width=40),
    Column("evidence", "What would show that the answer is right. Blank: none.", width=40),
    Column(
        "suggested_lead",
        "Code of the role that is suggested to lead on it. Blank: none.",
        codes_of=SheetName.LEAD_ROLES,
        width=16,
    ),
    Column("theme", "Code of a theme. Blank: none.", codes_of=SheetName.THEMES),
    Column("minutes", "Minutes it takes to answer. Blank: by its kind.", Entry.WHOLE_NUMBER),
    Column("required", "Whether it must be answered before sign-off. Blank: Yes.", Entry.YES_OR_NO),
    Column("scored", "Whether it counts in scores. Blank: Yes for maturity, else No.", Entry.YES_OR_NO),
    Column("weight", "How much it counts on a scale, above 0. Blank: 1.", Entry.NUMBER),
    Column("comment_allowed", "Whether a comment may be added. Blank: Yes.", Entry.YES_OR_NO),
    *_effect("Whether “not applicable” is offered."),
    Column(
        "asked_if",
        "All or Any: which of its rows on the sheet Conditions must hold. Blank: all of them.",
        Entry.CHOICE,
        _values(Match),
    ),
    Column(
        "omits_levels",
        "Levels of the scale that a maturity question leaves out on purpose, such as 1, 2. Blank: none.",
        Entry.WHOLE_NUMBERS,
    ),
    Column("max_choices", "How many options may be chosen. Blank: any number.", Entry.WHOLE_NUMBER),
    Column("points_cap", "The most that the chosen options earn together. Blank: their sum.", Entry.NUMBER),
    Column("unit", "Shown beside the number. Blank: none, or % for percentages."),
    Column("minimum", "The least that a number or a percentage may be. Blank: none, or 0.", Entry.NUMBER),
    Column("maximum", "The most that a number or a percentage may be. Blank: none, or 100.", Entry.NUMBER),
    Column("decimals", "Decimal places that a number may have, 0 to 4. Blank: 0.", Entry.WHOLE_NUMBER),
    Column("total", "What the parts of a percentage split add up to. Blank: 100.", Entry.NUMBER),
    Column("max_words", "The most words of a long text, at most 5,000. Blank: no limit.", Entry.WHOLE_NUMBER),
    Column("consent", "A yes or no question asked beside a long text. Blank: none.", width=40),
)

_LEVEL: Final = (
    Column("value", "A whole number, rising by one from row to row.", Entry.WHOLE_NUMBER),
    _CODE_COLUMN,
    _NAME,
)
_LEVEL_POINTS: Final = Column("points", "Only when the scoring is Points.", Entry.NUMBER)

LAYOUTS: Final = (
    Layout(
        SheetName.QUESTIONNAIRE,
        "What the questionnaire is. A line for each thing that it has once.",
        _FIELDS,
    ),
    Layout(
        SheetName.SCALE,
        "The levels of the scale, lowest first. Leave the sheet blank when there is no scale.",
        (*_LEVEL, Column("text", "What the level means in general. Blank: none.", width=60), _LEVEL_POINTS),
    ),
    Layout(
        SheetName.GROUPS,
        "Sets of dimensions with a score of their own.",
        (_CODE_COLUMN, _NAME, _ABOUT),
    ),
    Layout(
        SheetName.THEMES,
        "Cuts across the dimensions with a score of their own.",
        (_CODE_COLUMN, _NAME, _ABOUT),
    ),
    Layout(
        SheetName.LEAD_ROLES,
        "Roles that may be suggested to lead on a question.",
        (_CODE_COLUMN, _NAME),
    ),
    Layout(
        SheetName.DIMENSIONS,
        "The subjects in the order in which they are asked, each with a page and a score.",
        (
            _CODE_COLUMN,
            _NAME,
            _ABOUT,
            Column("group", "Code of its group. Blank: none.", codes_of=SheetName.GROUPS, width=20),
            Column("gap_core", "Whether it counts in the narrower gap. Blank: No.", Entry.YES_OR_NO),
            Column("weight", "How much it counts on a scale, above 0. Blank: 1.", Entry.NUMBER),
        ),
    ),
    Layout(
        SheetName.SECTIONS,
        "Parts of a dimension with a score of their own. A dimension has all its questions in them, or none.",
        (
            Column("in_dimension", "Code of its dimension.", codes_of=SheetName.DIMENSIONS, width=20),
            _CODE_COLUMN,
            _NAME,
            _ABOUT,
            Column(
                "weight",
                "How much it counts in the dimension; for all of its sections or none. "
                "Blank: the dimension is a mean over its questions.",
                Entry.NUMBER,
            ),
        ),
    ),
    Layout(
        SheetName.QUESTIONS,
        "The questions in the order in which they are asked. Leave blank what does not belong to the kind.",
        _QUESTION,
    ),
    Layout(
        SheetName.LEVELS,
        "What is true at each level of a maturity question, lowest first. Without rows it uses the scale's.",
        (
            _IN_QUESTION,
            Column("value", "The value of the level on the scale.", Entry.WHOLE_NUMBER),
            Column("code", "Blank: the scale's.", width=20),
            Column("name", "Blank: the scale's.", width=24),
            Column("text", "The descriptor: what is true at this level. Blank: the scale's.", width=80),
            _LEVEL_POINTS,
        ),
    ),
    Layout(
        SheetName.OPTIONS,
        "What to choose from in single choice and multi choice questions, in order.",
        (
            _IN_QUESTION,
            _CODE_COLUMN,
            Column("label", "What people read and choose.", width=40),
            _HINT,
            Column("points", "What it earns, or its value on the scale. Blank: none.", Entry.NUMBER),
            Column("exclusive", "Whether it may not be chosen with others. Blank: No.", Entry.YES_OR_NO),
            Column("other", "Whether it takes text beside it. Blank: No.", Entry.YES_OR_NO),
            *_effect("Whether choosing it means that the question does not apply."),
        ),
    ),
    Layout(
        SheetName.PARTS,
        "What is split in a percentage split question, in order.",
        (_IN_QUESTION, _CODE_COLUMN, Column("label", "What people read.", width=40), _HINT),
    ),
    Layout(
        SheetName.CONDITIONS,
        "When a question is asked: a row for each comparison with an earlier question. Without rows: always.",
        (_IN_QUESTION, *_compared("earlier question", "Earlier question")),
    ),
    Layout(
        SheetName.CONTRADICTIONS,
        "Answers that do not fit together, for reviewers. Which: see the sheet Contradicting answers.",
        (_CODE_COLUMN, Column("words", "What does not fit, for a reviewer.", width=80)),
    ),
    Layout(
        SheetName.CONTRADICTING_ANSWERS,
        "The answers of each contradiction: a row for each comparison. All of them must hold.",
        (
            Column(
                "in_contradiction",
                "Code of the contradiction that the row belongs to.",
                codes_of=SheetName.CONTRADICTIONS,
                width=20,
            ),
            *_compared("question", "Question"),
        ),
    ),
    Layout(
        SheetName.COMPARISON,
        "How each question relates to the previous version: a row for every question of either version.",
        (
            Column("code", "Code in this version. Blank when it is retired.", width=20),
            Column(
                "previous",
                "Code in the previous version, if another one. Blank when new.",
                width=20,
            ),
            Column("status", "How it relates.", Entry.CHOICE, _values(ComparisonStatus), width=26),
            Column("note", "Why, for readers. Blank: none.", width=60),
        ),
    ),
)

LAYOUT_OF: Final[Mapping[SheetName, Layout]] = MappingProxyType({layout.name: layout for layout in LAYOUTS})
