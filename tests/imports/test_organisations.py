"""What the files about organisations may hold, and what is said about what they may not."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from surveys.actions.organisation_statements import Figure, State, Step
from surveys.actions.row_problems import RowsRefused
from surveys.imports.organisations import read_statements

START = datetime.date(2022, 7, 1)
CHANGE = datetime.date(2026, 4, 1)


def write(folder: Path, *lines: str) -> Path:
    path = folder / "organisations.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(RowsRefused) as refused:
        read_statements(path)
    return tuple(str(problem) for problem in refused.value.problems)


def test_a_row_says_what_holds_from_a_day(tmp_path: Path) -> None:
    statements = read_statements(
        write(
            tmp_path,
            "kind,ods_code,name,official_name,ons_code,parent,from,opened_on,closed_on,"
            "registered_people,registered_year,registered_source",
            "ics,qxu, Surrey  Heartlands ,NHS "
            "Surrey,E54000052,Y59,2022-07-01,2022-07-01,2026-03-31,100,2025,List",
            "ics,QXU,,,E54000063,,2023-04-01,,,,,",
            "national,,England,,,,,2022-07-01,,,,",
        )
    )

    assert statements.source == "organisations.csv"
    assert statements.steps == ()
    assert statements.states == (
        State(
            row=2,
            since=START,
            ods_code="QXU",
            kind="ics",
            name="Surrey Heartlands",
            official_name="NHS Surrey",
            ons_code="E54000052",
            parent="Y59",
            opened_on=START,
            closed_on=datetime.date(2026, 3, 31),
            populations=(Figure("registered", 2025, 100, "List"),),
            opens=True,
        ),
        State(
            row=3,
            since=datetime.date(2023, 4, 1),
            ods_code="QXU",
            kind="ics",
            ons_code="E54000063",
            opens=True,
        ),
        State(row=4, since=START, kind="national", name="England", opened_on=START, opens=True),
    )


def test_a_file_of_changes_says_what_happens_on_a_day(tmp_path: Path) -> None:
    statements = read_statements(
        write(
            tmp_path,
            "change,from,kind,ods_code,name,ons_code,parent,successor_ods_code,extent,population_share,share_source",
            "opens,2026-04-01,ics,S0E4D,Thames Valley,E54000070,Y59,,,,",
            "changes,2026-04-01,,QRL,,E54000067,,,,,",
            "ends,2026-04-01,,QNQ,,,,,,,",
            "split,2026-04-01,,QNQ,,,,S0E4D,part,0.588619,A list",
            "merger,2026-04-01,,QU9,,,,S0E4D,whole,,",
        )
    )

    assert statements.states == (
        State(
            row=2,
            since=CHANGE,
            ods_code="S0E4D",
            kind="ics",
            name="Thames Valley",
            ons_code="E54000070",
            parent="Y59",
            opened_on=CHANGE,
            opens=True,
        ),
        State(row=3, since=CHANGE, ods_code="QRL", ons_code="E54000067"),
        State(
            row=4,
            since=datetime.date(2026, 3, 31),
            ods_code="QNQ",
            closed_on=datetime.date(2026, 3, 31),
        ),
    )
    assert statements.steps == (
        Step(5, CHANGE, "QNQ", "S0E4D", "split", "part", Decimal("0.588619"), "A list"),
        Step(6, CHANGE, "QU9", "S0E4D", "merger", "whole"),
    )


DATE_HINT = (
    "Write the year, month and day as 2026-04-01. A spreadsheet may have changed it: "
    "format the column as text before you type the date."
)
CODE_HINT = (
    "ODS codes have 3 or 5 letters and figures. A spreadsheet may have changed it: "
    "format the column as text before you type the code."
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            "trust,QXU,Name,,Y59,2022-07-01,,",
            "column kind: “trust” is not known here. Use one of: national, region, ics.",
        ),
        (
            ",QXU,Name,,Y59,2022-07-01,,",
            "column kind: It is blank. Fill it in: what kind of organisation it is.",
        ),
        (
            "ics,,Name,,Y59,2022-07-01,,",
            "column ods_code: It is blank. Fill it in: only the nation may be without one.",
        ),
        (
            "national,,,,,2022-07-01,,",
            "column name: It is blank. Fill it in: it tells which organisation the row means.",
        ),
        ("ics,QX,Name,,Y59,2022-07-01,,", f"column ods_code: “QX” is not an ODS code. {CODE_HINT}"),
        ("ics,QXUU,Name,,Y59,2022-07-01,,", f"column ods_code: “QXUU” is not an ODS code. {CODE_HINT}"),
        (
            "ics,1.00E+05,Name,,Y59,2022-07-01,,",
            f"column ods_code: “1.00E+05” is not an ODS code. {CODE_HINT}",
        ),
        (
            "ics,QXU,Name,E38000246,Y59,2022-07-01,,",
            (
                "column ons_code: E38000246 is the code of a sub-ICB location. Give the code of the whole "
                "system."
            ),
        ),
        (
            "ics,QXU,Name,E40000003,Y59,2022-07-01,,",
            (
                "column ons_code: “E40000003” is not the ONS code of such an organisation. "
                "It is E54 and figures, nine characters in all."
            ),
        ),
        (
            "region,Y59,Name,E54000052,England,2022-07-01,,",
            (
                "column ons_code: “E54000052” is not the ONS code of such an organisation. "
                "It is E40 and figures, nine characters in all."
            ),
        ),
        (
            "national,,England,E9200001,,2022-07-01,,",
            (
                "column ons_code: “E9200001” is not the ONS code of such an organisation. "
                "It is E and figures, nine characters in all."
            ),
        ),
        (
            "ics,QXU,Name,,Y59,01/07/2022,,",
            f"column from: “01/07/2022” is not a date that we can read. {DATE_HINT}",
        ),
        ("ics,QXU,Name,,Y59,44743,,", f"column from: “44743” is not a date that we can read. {DATE_HINT}"),
        (
            "ics,QXU,Name,,Y59,1-Jul-22,,",
            f"column from: “1-Jul-22” is not a date that we can read. {DATE_HINT}",
        ),
        (
            "ics,QXU,Name,,Y59,2022-02-30,,",
            f"column from: “2022-02-30” is not a date that we can read. {DATE_HINT}",
        ),
        (
            "ics,QXU,Name,,Y59,0022-07-01,,",
            "column from: 0022-07-01 is too far away. Give a date from 1948-07-05 to before 2100-01-01.",
        ),
        ("ics,QXU,Name,,Y59,,,", "column from: It is blank. Fill it in: the day from which the row holds."),
        (
            "national,Z99,England,,,2022-07-01,1,1066",
            (
                "column resident_year: “1066” is not a whole number from 1,948 to 2,100. "
                "Write it in figures only, without commas or spaces."
            ),
        ),
        (
            "ics,QXU,@SUM(A1),,Y59,2022-07-01,,",
            "column name: It starts with “@”. Remove that sign.",
        ),
        (
            "ics,QXU,bell\a,,Y59,2022-07-01,,",
            "column name: It holds characters that cannot be seen. Type it anew.",
        ),
        (
            f"ics,QXU,{'x' * 201},,Y59,2022-07-01,,",
            "column name: It is longer than 200 characters. Shorten it.",
        ),
        (
            "ics,QXU,Name,,Y59,2022-07-01,many,2025",
            (
                "column resident_people: “many” is not a whole number from 1 to 2,000,000,000. "
                "Write it in figures only, without commas or spaces."
            ),
        ),
        (
            "ics,QXU,Name,,Y59,2022-07-01,0,2025",
            (
                "column resident_people: “0” is not a whole number from 1 to 2,000,000,000. "
                "Write it in figures only, without commas or spaces."
            ),
        ),
        (
            "ics,QXU,Name,,Y59,2022-07-01,100,",
            (
                "column resident_year: It is blank. "
                "Fill it in: a population needs the number of people, the year and the source."
            ),
        ),
    ],
)
def test_a_wrong_cell_is_reported_with_its_row_and_column(tmp_path: Path, cells: str, expected: str) -> None:
    header = "kind,ods_code,name,ons_code,parent,from,resident_people,resident_year,resident_source"
    source = "A list" if not cells.endswith(",,") else ""

    assert problems(write(tmp_path, header, f"{cells},{source}")) == (f"row 2, {expected}",)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            "renames,2026-04-01,QNQ,,,,,",
            (
                (
                    "row 2, column change: “renames” is not known here. "
                    "Use one of: opens, changes, ends, merger, split, boundary_transfer."
                ),
            ),
        ),
        (
            "ends,,,Name,,,,",
            (
                "row 2, column from: It is blank. Fill it in: every change has one.",
                "row 2, column ods_code: It is blank. Fill it in: every change has one.",
            ),
        ),
        (
            "ends,2026-04-01,QNQ,Frimley,S0E4D,,,",
            (
                "row 2, column name: A row with “ends” says nothing here. Leave it blank.",
                "row 2, column successor_ods_code: A row with “ends” says nothing here. Leave it blank.",
            ),
        ),
        (
            "changes,2026-04-01,QNQ,,,,,",
            (
                (
                    "row 2: It says that something changes and not what. "
                    "Fill in one of: kind, name, official_name, ons_code, parent."
                ),
            ),
        ),
        (
            "split,2026-04-01,QNQ,Frimley,S0E4D,part,,",
            ("row 2, column name: A row with “split” says nothing here. Leave it blank.",),
        ),
        (
            "split,2026-04-01,QNQ,,,,,",
            (
                "row 2, column extent: It is blank. Fill it in: whole or part.",
                (
                    "row 2, column successor_ods_code: It is blank. "
                    "Fill it in: the organisation that it becomes, or becomes part of."
                ),
            ),
        ),
        (
            "merger,2026-04-01,QNQ,,S0E4D,whole,0.5,A list",
            ("row 2, column population_share: The whole has a share of 1. Leave it blank, or say part.",),
        ),
        (
            "split,2026-04-01,QNQ,,S0E4D,part,58.9%,A list",
            (
                (
                    "row 2, column population_share: “58.9%” is not a number that we can read. "
                    "Write it in figures, with a point before the decimals and no commas."
                ),
            ),
        ),
        (
            "split,2026-04-01,QNQ,,S0E4D,part,58.9,",
            (
                (
                    "row 2, column population_share: 58.9 is not the share of a part. "
                    "Give a number above 0 and below 1 with at most 6 decimal places."
                ),
                "row 2, column share_source: It is blank. Fill it in: where the share comes from.",
            ),
        ),
        (
            "split,2026-04-01,QNQ,,S0E4D,part,0.12345678,A list",
            (
                (
                    "row 2, column population_share: 0.12345678 is not the share of a part. "
                    "Give a number above 0 and below 1 with at most 6 decimal places."
                ),
            ),
        ),
    ],
)
def test_a_wrong_change_is_reported(tmp_path: Path, cells: str, expected: tuple[str, ...]) -> None:
    header = "change,from,ods_code,name,successor_ods_code,extent,population_share,share_source"

    assert problems(write(tmp_path, header, cells)) == expected


def test_the_same_row_twice_is_reported(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "kind,ods_code,name,parent,from",
        "ics,QXU,Surrey,Y59,2022-07-01",
        "ics,QXU,Surrey,Y59,2023-04-01",
        "ics,QXU,Surrey,Y59,2022-07-01",
    )

    assert problems(path) == (
        "row 4: Row 2 speaks of the same organisation and the same day. Keep one of them.",
    )
