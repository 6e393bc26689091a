from decimal import Decimal
from pathlib import Path

import pytest

from surveys.questionnaires.loading import load, parse
from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.questionnaires.yaml_text import MAXIMUM_BYTES, read_yaml


def refusal(text: str | bytes) -> Problem:
    """The one problem with a text that is not even plain YAML."""
    with pytest.raises(QuestionnaireError) as caught:
        parse(text, "mine.yaml")
    (problem,) = caught.value.problems
    return problem


def test_plain_values_are_read_as_what_they_are() -> None:
    content = read_yaml(
        "text: plain\nwhole: 12\nexact: 0.10\nyes: no\non: On\ntrue_: true\nnothing:\nquoted: '1'\n"
        "day: 2024-01-01\noctal: 010\ntime: 1:30\nlist: [a, 1.5]\nempty: {}\nnone: []\n",
        "x",
    ).content

    assert content == {
        "text": "plain",
        "whole": 12,
        "exact": Decimal("0.10"),
        "yes": "no",
        "on": "On",
        "true_": True,
        "nothing": None,
        "quoted": "1",
        "day": "2024-01-01",
        "octal": "010",
        "time": "1:30",
        "list": ["a", Decimal("1.5")],
        "empty": {},
        "none": [],
    }


def test_every_value_knows_its_line() -> None:
    assert read_yaml("a: 1\nb:\n  - x\n  - c: 2\n", "x").lines == {
        (): 1,
        ("a",): 1,
        ("b",): 3,
        ("b", 0): 3,
        ("b", 1): 4,
        ("b", 1, "c"): 4,
    }


def test_a_byte_order_mark_is_no_hindrance() -> None:
    assert read_yaml(b"\xef\xbb\xbfkey: a\n", "x").content == {"key": "a"}


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ("", "The file is empty.", "Write a questionnaire in it: see the format's example."),
        (
            "# only a comment\n",
            "The file is empty.",
            "Write a questionnaire in it: see the format's example.",
        ),
        ("~", "The file is empty.", "Write a questionnaire in it: see the format's example."),
        (
            "- a\n- b\n",
            "The file holds a list, not a questionnaire.",
            "Begin with key, version, title and dimensions.",
        ),
        (
            "just words",
            'The file holds the text "just words", not a questionnaire.',
            "Begin with key, version, title and dimensions.",
        ),
        ("key: a\n---\nkey: b\n", "A second document starts on line 2.", "Keep one questionnaire in a file."),
        (
            "a: 1\nb: 2\na: 3\n",
            "Line 3 has `a` again; it was given on line 1.",
            "Keep one of the two.",
        ),
        (
            "key: a\n\ttitle: b\n",
            "Line 2 or the one before it is indented with a tab.",
            "Indent with spaces.",
        ),
        (
            "title: one: two\n",
            "Line 1 cannot be read: mapping values are not allowed in this context.",
            "Check the indentation, and put text that holds a colon, a # or a quotation mark in quotes.",
        ),
        (
            'key: "never closed\n',
            "Line 1 cannot be read: found unexpected end of stream.",
            "Check the indentation, and put text that holds a colon, a # or a quotation mark in quotes.",
        ),
        (
            "run: !!python/object/apply:os.system ['true']\n",
            "Line 1 has a YAML tag (!).",
            "Delete the tag, or put the text in quotes.",
        ),
        ("? [a]\n: b\n", "Line 1 has a list or a mapping as a key.", "Use plain words as keys."),
        ("a: " + "[" * 30 + "]" * 30, "Line 1 is nested too deeply.", "Check the brackets and indentation."),
        (
            "[" * 500_000,
            "Line 1 is nested too deeply.",
            "Check the brackets and indentation.",
        ),
        (
            "[" + "a," * 210_000 + "]",
            "The file has more than 200,000 entries.",
            "Check that it is a questionnaire.",
        ),
        (
            "a: \ud800",
            "Line 1 has a character that is half of a pair.",
            "Delete the character and type it again.",
        ),
        (
            "a: \x07",
            "The file has a character that YAML does not allow.",
            "Delete control characters from the file.",
        ),
    ],
)
def test_what_is_not_a_plain_mapping_is_refused_in_words(text: str, message: str, mend: str) -> None:
    assert refusal(text) == Problem("mine.yaml", "", message, mend)


@pytest.mark.parametrize(
    ("raw", "message", "mend"),
    [
        (
            b"key: a\ntitle: caf\xe9\n",
            "Line 2 has a character that is not UTF-8.",
            "Save the file as UTF-8.",
        ),
        ("key: a\n".encode("utf-16"), "The file is in UTF-16.", "Save it as UTF-8."),
        (
            b"PK\x03\x04 a workbook",
            "The file is not a text file.",
            "Give a YAML text file, not a workbook, a PDF or an archive.",
        ),
        (
            b"\x00\x01\x02\xff",
            "The file is not a text file.",
            "Give a YAML text file, not a workbook, a PDF or an archive.",
        ),
        (
            b"%PDF-1.7 words",
            "The file is not a text file.",
            "Give a YAML text file, not a workbook, a PDF or an archive.",
        ),
        (
            b"#" * (MAXIMUM_BYTES + 1),
            "The file is larger than 2,000,000 bytes.",
            "Check that it is a questionnaire, and split it if it is.",
        ),
    ],
)
def test_files_that_are_not_text_are_refused_in_words(raw: bytes, message: str, mend: str) -> None:
    assert refusal(raw) == Problem("mine.yaml", "", message, mend)


@pytest.mark.parametrize(
    "text", ["a: &x 1\nb: *x\n", "a: &x [b]\n<<: *x\n", "a: &a [&b [&c [1]]]\n", "title: *star\n"]
)
def test_anchors_and_aliases_are_refused_before_they_can_grow(text: str) -> None:
    assert refusal(text) == Problem(
        "mine.yaml",
        "",
        "Line 1 has a YAML anchor or alias (& or *).",
        "Write the text out where it is used, use option_sets for repeated options, "
        "or put text that begins with & or * in quotes.",
    )


def test_a_file_is_named_in_its_problems(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text("- a")

    with pytest.raises(QuestionnaireError) as caught:
        load(tmp_path / "odd.yaml")

    assert str(caught.value) == (
        "odd.yaml: The file holds a list, not a questionnaire. Begin with key, version, title and dimensions."
    )


def test_a_path_that_is_no_file_is_a_problem_and_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(QuestionnaireError) as missing:
        load(tmp_path / "missing.yaml")
    with pytest.raises(QuestionnaireError) as folder:
        load(tmp_path)
    with pytest.raises(QuestionnaireError) as impossible:
        load(tmp_path / "a\0b")

    assert missing.value.problems == (
        Problem("missing.yaml", "", "There is no such file.", "Check the path."),
    )
    assert folder.value.problems == (
        Problem(tmp_path.name, "", "It is not a file.", "Give the path of a YAML file."),
    )
    assert [problem.mend for problem in impossible.value.problems] == ["Check the path and who may read it."]


def test_a_file_too_large_to_read_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(10**10)

    with pytest.raises(QuestionnaireError) as caught:
        load(tmp_path / "huge.yaml")

    assert caught.value.problems == (
        Problem(
            "huge.yaml",
            "",
            "The file is larger than 2,000,000 bytes.",
            "Check that it is a questionnaire, and split it if it is.",
        ),
    )
