from typing import Any

import pytest

from surveys.questionnaires.digest import from_document
from surveys.questionnaires.question_validation import nearly_same
from tests.questionnaires.examples import EVERY_EXAMPLE, GONE, document, example, problems

FIRST = "dimensions__0__questions__0__"
OWNER = "dimensions__0__questions__1__"
SOURCES = "dimensions__0__questions__2__"
TRAINING = "dimensions__1__questions__0__"
ANALYSTS = "dimensions__1__questions__1__"
TRAINED = "dimensions__1__questions__2__"
TIME = "dimensions__1__questions__3__"
PLANS = "dimensions__1__questions__4__"


@pytest.mark.parametrize("name", EVERY_EXAMPLE)
def test_every_example_is_sound(name: str) -> None:
    assert example(name).questions


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {TRAINING + "code": "Catalogue"},
            (
                "Catalogue",
                "Two questions have this code (capitals make no difference).",
                "Give each a code of its own.",
            ),
        ),
        (
            {"dimensions__1__code": "stores"},
            (
                "stores",
                "Two dimensions have this code (capitals make no difference).",
                "Give each a code of its own.",
            ),
        ),
        (
            {"groups__1__code": "TOOLS", "dimensions__1__group": "TOOLS", "gap__second": "TOOLS"},
            (
                "TOOLS",
                "Two groups have this code (capitals make no difference).",
                "Give each a code of its own.",
            ),
        ),
        (
            {"themes__1__code": "use", OWNER + "theme": GONE},
            (
                "use",
                "Two themes have this code (capitals make no difference).",
                "Give each a code of its own.",
            ),
        ),
        (
            {"lead_roles__1": {"code": "head", "name": "Another"}},
            (
                "head",
                "Two lead roles have this code (capitals make no difference).",
                "Give each a code of its own.",
            ),
        ),
        (
            {"dimensions__1__group": "poeple"},
            (
                "people",
                "group is poeple, which is not in groups.",
                "Use one of: tools, people; or add it.",
            ),
        ),
        (
            {"gap__second": "plants"},
            ("gap", "The gap names plants, which is not in groups.", "Use one of: tools, people; or add it."),
        ),
        (
            {"gap__second": "tools", "dimensions__1__gap_core": False},
            ("gap", "The gap is between a group and itself.", "Name two groups."),
        ),
        (
            {"groups__2": {"code": "spare", "name": "Spare"}},
            ("spare", "No dimension is in this group.", "Put one in it, or delete the group."),
        ),
        (
            {"gap": GONE, "dimensions__1__gap_core": False},
            (
                "stores",
                "gap_core is true, but the dimension is in neither group of the gap.",
                "Put it in a group of the gap, or delete gap_core.",
            ),
        ),
        (
            {FIRST + "suggested_lead": "boss"},
            (
                "catalogue",
                "suggested_lead is boss, which is not in lead_roles.",
                "Use one of: head; or add it there.",
            ),
        ),
        (
            {FIRST + "theme": "cost"},
            (
                "catalogue",
                "theme is cost, which is not in themes.",
                "Use one of: use, care; or add it there.",
            ),
        ),
        (
            {"scale__levels__3__value": 5, FIRST + "levels__3__value": 5},
            (
                "four",
                "The levels of the scale are 1, 2, 3, 5, which does not rise by one.",
                "Number them upwards without gaps, from any whole number.",
            ),
        ),
        (
            {"scale__levels__3__name": "begun"},
            ("four", "Two levels are called 'begun'.", "Give each level a name of its own."),
        ),
        (
            {"scale__levels__3__code": "usual"},
            ("four", "Two levels have the code usual.", "Give each level a code of its own."),
        ),
        (
            {"scale__levels__0__points": 3},
            (
                "four",
                "The levels have points, but the questionnaire is scored on its scale.",
                "Delete the points, or write scoring: points.",
            ),
        ),
        (
            {FIRST + "levels__2": GONE},
            (
                "catalogue",
                "Level 3 is missing.",
                "Write the descriptors, or leave levels out on purpose with omits_levels: [3].",
            ),
        ),
        (
            {FIRST + "levels__3": GONE, FIRST + "levels__2": GONE},
            (
                "catalogue",
                "Levels 3, 4 are missing.",
                "Write the descriptors, or leave levels out on purpose with omits_levels: [3, 4].",
            ),
        ),
        (
            {FIRST + "omits_levels": [2]},
            ("catalogue", "Level 2 is given and also in omits_levels.", "Take each out of one of the two."),
        ),
        (
            {FIRST + "levels__4": {"value": 5, "name": "More", "text": "Other systems copy the list."}},
            ("catalogue", "The scale has no level 5.", "Use the levels of the scale."),
        ),
        (
            {FIRST + "levels__0__value": 4, FIRST + "levels__3__value": 1},
            (
                "catalogue",
                "The levels are not in order, each once.",
                "List them from the lowest to the highest.",
            ),
        ),
        (
            {FIRST + "levels__3__text": "One list covers main data set!"},
            (
                "catalogue",
                "Levels 3 and 4 say nearly the same.",
                "Say what is true at the higher level that is not at the lower.",
            ),
        ),
        (
            {TRAINING + "omits_levels": [1, 2, 3]},
            ("training", "It has one level only.", "Leave at least two levels."),
        ),
        (
            {FIRST + "decimals": 2},
            (
                "catalogue",
                "A maturity question has no decimals.",
                "Delete it, or change the kind (number, percentage, percentage_split).",
            ),
        ),
        (
            {PLANS + "maximum": 3},
            (
                "plans",
                "A long_text question has no maximum.",
                "Delete it, or change the kind (number, percentage).",
            ),
        ),
        (
            {SOURCES + "options": GONE, SOURCES + "max_choices": GONE},
            ("sources", "It has no options to choose from.", "Give options, or the code of an option_set."),
        ),
        (
            {SOURCES + "options__1__code": "Wards"},
            ("sources", "Two options have the code Wards.", "Give each option a code of its own."),
        ),
        (
            {SOURCES + "options__1__label": "wards"},
            ("sources", "Two options read 'wards'.", "Word them so that they differ."),
        ),
        (
            {SOURCES + "options__1__other": True},
            ("sources", "More than one option takes text (other: true).", "Keep one."),
        ),
        (
            {SOURCES + "max_choices": 4},
            (
                "sources",
                "max_choices is 4, but only 3 options can be chosen together.",
                "Lower it or leave it out.",
            ),
        ),
        (
            {OWNER + "options__0__exclusive": True},
            (
                "owner",
                "`exclusive` means nothing in a single_choice question.",
                "Delete it, or use multi_choice.",
            ),
        ),
        (
            {OWNER + "options__0__points": 5},
            ("owner", "Option yes has no points on the scale.", "Give it points from 1 to 4."),
        ),
        (
            {OWNER + "options__2__points": GONE},
            ("owner", "Option no has no points on the scale.", "Give it points from 1 to 4."),
        ),
        (
            {OWNER + "not_applicable": {"effect": "points", "points": 0}},
            ("owner", "Not applicable has no points on the scale.", "Give it points from 1 to 4."),
        ),
        (
            {OWNER + "options__3__points": 1},
            (
                "owner",
                "Option shared means not applicable and has points as well.",
                "Delete its points; write effect: points under not_applicable if it earns some.",
            ),
        ),
        (
            {OWNER + "scored": False},
            (
                "owner",
                "It has points but is not scored.",
                "Write scored: true, or delete the points.",
            ),
        ),
        (
            {ANALYSTS + "scored": True},
            (
                "analysts",
                "A number question cannot be scored.",
                "Write scored: false, or turn it into a single_choice question with an option for each band.",
            ),
        ),
        (
            {SOURCES + "scored": True},
            (
                "sources",
                "A multi_choice question cannot be scored on a scale.",
                "Write scored: false, or use scoring: points.",
            ),
        ),
        (
            {FIRST + "levels__0__points": 1},
            (
                "catalogue",
                "Levels have points, but the questionnaire is scored on its scale.",
                "Delete them; the level counts.",
            ),
        ),
        (
            {ANALYSTS + "not_applicable": {"effect": "points", "points": 1}},
            (
                "analysts",
                "Not applicable earns points, but the question is not scored.",
                "Write effect: left_out.",
            ),
        ),
        (
            {ANALYSTS + "not_applicable": {"effect": "points"}},
            (
                "analysts",
                "not_applicable states points exactly when its effect is points.",
                "Write effect: left_out alone, or effect: points with a number of points.",
            ),
        ),
        (
            {ANALYSTS + "minimum": 2000},
            ("analysts", "minimum (2000) is not below maximum (2000).", "Correct one of the two."),
        ),
        (
            {ANALYSTS + "decimals": 0, ANALYSTS + "maximum": 0.5},
            (
                "analysts",
                "maximum (0.5) has more decimal places than `decimals` allows.",
                "Round it or raise decimals.",
            ),
        ),
        (
            {TRAINED + "maximum": 150},
            (
                "trained",
                "A percentage lies from 0 to 100.",
                'Use kind: number with unit: "%" for anything else.',
            ),
        ),
        (
            {TIME + "parts": GONE},
            ("time", "It has no parts to split into.", "Give at least two parts."),
        ),
        (
            {TIME + "parts__1__code": "reports"},
            ("time", "Two parts have the code reports.", "Give each part a code of its own."),
        ),
        (
            {TIME + "parts__1__label": "Reports"},
            ("time", "Two parts read 'Reports'.", "Word them so that they differ."),
        ),
        (
            {TIME + "total": 0},
            ("time", "total is 0.", "Give what the parts add up to, above 0."),
        ),
        (
            {TIME + "total": 37.5},
            ("time", "total (37.5) has more decimal places than `decimals` allows.", "Raise decimals."),
        ),
        (
            {OWNER + "option_set": "spare"},
            ("owner", "It has both options and option_set.", "Keep one of the two."),
        ),
        (
            {OWNER + "points": 3},
            ("owner", "`points` goes with option_set only.", "Give points to each option instead."),
        ),
        (
            {"dimensions__0__questions": GONE},
            (
                "stores",
                "A dimension has either questions or sections.",
                "Give one of the two; put questions that stand outside a section in a section of their own.",
            ),
        ),
    ],
)
def test_what_makes_no_sense_is_said_with_the_question_and_the_mend(
    changes: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert expected in problems(document(**changes))


def test_sections_are_weighed_all_or_none() -> None:
    content = document("three_outcomes", dimensions__0__sections__1__weight=GONE)

    assert problems(content) == [
        (
            "A",
            "Some of its sections have a weight and others have none.",
            "Weigh every section or none; without weights the dimension is a mean over its questions.",
        )
    ]


POINTS = "dimensions__1__sections__0__questions__"
BOARD = "dimensions__0__sections__1__questions__0__"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {BOARD + "options__1__points": GONE},
            ("3", "Points are missing for sometimes.", "Give points to every choice; 0 counts."),
        ),
        (
            {POINTS + "2__levels__0__points": GONE, POINTS + "2__levels__2__points": GONE},
            ("6", "Points are missing for 0, 2.", "Give points to every choice; 0 counts."),
        ),
        (
            {POINTS + "0__points_cap": 10},
            (
                "4",
                "points_cap is 10, but no answer earns more than 9 points.",
                "Lower it to 9 or less.",
            ),
        ),
        (
            {POINTS + "0__points_cap": 0},
            ("4", "No answer earns any points.", "Give points above 0, or write scored: false."),
        ),
        (
            {BOARD + "options__3__not_applicable__points": 9},
            ("3", "Option no_board earns 9 points, more than any answer.", "Lower it to 8."),
        ),
        (
            {BOARD + "weight": 2},
            (
                "3",
                "It has a weight, but in a points questionnaire the points are the weight.",
                "Delete the weight and change the points instead.",
            ),
        ),
        (
            {"dimensions__0__weight": 2},
            (
                "1",
                "It has a weight, but in a points questionnaire the points are the weight.",
                "Delete the weight and change the points instead.",
            ),
        ),
        (
            {"dimensions__0__sections__0__questions__0__points": GONE},
            ("1", "Points are missing for yes, partly, no.", "Give points to every choice; 0 counts."),
        ),
        (
            {"dimensions__0__sections__0__questions__0__points": 0.0001},
            (
                "1",
                "Option partly would earn 0.00005 points, which is too finely divided.",
                "Change points or share_of_points so that it has at most 4 decimal places.",
            ),
        ),
        (
            {"dimensions__0__sections__0__questions__0__option_set": "yes_no"},
            (
                "1",
                "option_set names yes_no, which is not in option_sets.",
                "Use one of: yes_partly_no.",
            ),
        ),
        (
            {"dimensions__1__sections__0__code": "1.1"},
            (
                "1.1",
                "Two sections have this code (capitals make no difference).",
                "Give each a code of its own.",
            ),
        ),
        (
            {POINTS + "2__levels__1": GONE},
            (
                "6",
                "Level 1 is missing.",
                "Write the descriptors, or leave levels out on purpose with omits_levels: [1].",
            ),
        ),
        (
            {POINTS + "2__levels__1__name": GONE},
            (
                "6",
                "Level 1 has no name and the scale has no such level to take one from.",
                "Give the level a name, or correct its value.",
            ),
        ),
        (
            {POINTS + "2__levels": GONE},
            ("6", "It has no levels.", "Give levels, or give the questionnaire a scale."),
        ),
        (
            {POINTS + "2__levels__1__text": GONE},
            ("6", "Level 1 has no text, but others have.", "Describe every level or none."),
        ),
    ],
)
def test_points_must_be_complete_and_possible(
    changes: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert problems(document("yes_no_partly", **changes))[0] == expected


def test_two_option_sets_with_one_code_are_refused() -> None:
    content = document("yes_no_partly")
    content["option_sets"].append(content["option_sets"][0])

    assert problems(content) == [("yes_partly_no", "Two option sets have this code.", "Rename one of them.")]


def test_options_that_all_mean_not_applicable_are_refused() -> None:
    options = [{"code": code, "label": code, "not_applicable": {"effect": "left_out"}} for code in ("a", "b")]
    content = document(**{OWNER + "options": options})

    assert problems(content)[0] == (
        "owner",
        "Every option means not applicable.",
        "Add options that answer the question.",
    )


def test_a_scale_is_wanted_only_by_what_is_scored_on_it() -> None:
    content = document(
        scale=GONE,
        **{TRAINING + "scored": False, TRAINING + "levels": [{"value": n, "name": f"N{n}"} for n in (1, 2)]},
    )

    assert problems(content) == [
        ("catalogue", f"Level {n} has no name and the scale has no such level to take one from.", mend)
        for n in (1, 2, 3, 4)
        for mend in ["Give the level a name, or correct its value."]
    ]
    for level in content["dimensions"][0]["questions"][0]["levels"]:
        level["name"] = f"Level {level['value']}"
    assert problems(content) == [
        (code, "There is no scale to score it on.", "Add a scale, or write scored: false.")
        for code in ("catalogue", "owner")
    ]


def test_a_questionnaire_that_scores_nothing_needs_no_scale() -> None:
    content = document("conditions")
    kept = [content["dimensions"][0]["questions"][0]]
    content["dimensions"][0]["questions"] = kept
    del content["scale"]

    assert from_document(content).scale is None


@pytest.mark.parametrize(
    ("lower", "upper", "alike"),
    [
        ("All staff are trained.", "All staff are trained", True),
        ("The plan is agreed", "A plan, agreed", True),
        ("Plans are reviewed yearly", "Plan is reviewed yearly", True),
        ("Some staff are trained.", "Most staff are trained.", False),
        ("At least 25% of practices", "At least 50% of practices", False),
        ("The plan is achieved", "The plan is not achieved", False),
        ("of", "of", True),
        ("of", "by", False),
    ],
)
def test_levels_are_alike_when_only_small_words_and_endings_differ(
    lower: str, upper: str, alike: bool
) -> None:
    assert nearly_same(lower, upper) is alike
