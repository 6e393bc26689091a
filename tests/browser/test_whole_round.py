"""A whole round through the pages, by four people, each in a browser of their own.

Every number that is read at the end follows from what is answered here; each was worked out by hand from
docs/method.md, and none by the code under test.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Person
from tests.browser.answering import choose, comment, fill, question, save_and_continue, sign
from tests.browser.conftest import OpenPage
from tests.browser.drawing import drawn
from tests.browser.reading import downloaded_rows, table
from tests.factories import (
    SMALL_CONTENT,
    make_membership,
    make_nation,
    make_person,
    make_region,
    make_system,
    maturity_question,
    publish_content,
)

ROUND = "Autumn round"
PLATFORM, SKILLS = SMALL_CONTENT.dimensions
# A third scored question, so that one of them may be said not to apply without the score being withheld.
CONTENT = replace(
    SMALL_CONTENT,
    dimensions=(
        replace(PLATFORM, questions=(*PLATFORM.questions, maturity_question("data_quality"))),
        SKILLS,
    ),
)

HEADERS = [
    "Dimension",
    "Systems with a score",
    "Median",
    "Middle half (Q1 to Q3)",
    "Width of the middle half (IQR)",
    "Middle 80% (P10 to P90)",
    "Width of the middle 80%",
    "Lowest to highest",
    "Agreement on its questions",
]


@dataclass(frozen=True)
class People:
    """Lena leads and April approves for Ambleshire and Borderland; Cliffshire's people never sign in."""

    ada: Person
    lena: Person
    april: Person
    nadia: Person


@pytest.fixture
def people(site: str) -> People:
    """A nation, two regions, three systems, a published questionnaire, and the people of a round."""
    nation = make_nation()
    north, south = make_region(nation, "North"), make_region(nation, "South")
    ambleshire, borderland = make_system(north, "Ambleshire"), make_system(south, "Borderland")
    cliffshire = make_system(south, "Cliffshire")
    publish_content(CONTENT)
    lena = make_person("Lena Lead", role="lead", organisation=ambleshire)
    april = make_person("April Approver", role="approver", organisation=ambleshire)
    make_membership(lena, "lead", borderland)
    make_membership(april, "approver", borderland)
    make_person("Clive Cliff", role="lead", organisation=cliffshire)
    make_person("Cora Cliff", role="approver", organisation=cliffshire)
    return People(
        ada=make_person("Ada Administrator", role="administrator", organisation=nation),
        lena=lena,
        april=april,
        nadia=make_person("Nadia Nation", role="national_analyst", organisation=nation),
    )


def test_a_whole_round(people: People, open_page: OpenPage) -> None:
    ada, lena, april, nadia = (
        open_page(person) for person in (people.ada, people.lena, people.april, people.nadia)
    )
    set_up_and_open(ada)

    answer_for_ambleshire(lena)
    send(lena)
    sign_for(april, "Ambleshire", scores=[["Data platform", "3.5", "2 of 3"], ["Skills", "2.5", "2 of 2"]])
    answer_for_borderland(lena)
    send(lena)
    sign_for(april, "Borderland", scores=[["Data platform", "3.0", "3 of 3"], ["Skills", "4.5", "2 of 2"]])

    close(ada)
    release_provisionally(ada)
    read_before_publication(lena, nadia)
    publish(ada)
    read_overview(nadia)
    read_dimension(nadia)
    read_system(nadia)
    read_answers(nadia)


# The administrator


def set_up_and_open(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Set up a new round").click()
    today = timezone.localdate()
    page.get_by_label("Title").fill(ROUND)
    page.get_by_label("Questionnaire").select_option("Small questionnaire 1.0")
    type_moment(page, "Answering begins", today - datetime.timedelta(days=1), "9am")
    type_moment(page, "Closing time", today + datetime.timedelta(days=30), "5pm")
    type_moment(page, "Reference date", today)
    type_moment(page, "Systems as at", today)
    page.get_by_role("button", name="Create the draft").click()
    expect(page.get_by_role("alert")).to_contain_text(f"“{ROUND}” is created as a draft.")
    expect(page.get_by_text("No system is chosen to take part.")).to_be_visible()

    page.get_by_role("link", name="Choose the systems").first.click()
    page.get_by_role("button", name="All 3 systems on this day").click()
    expect(page.get_by_role("alert")).to_contain_text("3 systems take part.")
    page.get_by_role("button", name="Choose the systems").click()
    page.get_by_role("group", name="South").get_by_label("Cliffshire").uncheck()
    page.get_by_role("button", name="Save the systems that are ticked").click()
    expect(page.get_by_role("alert")).to_contain_text("2 systems take part.")
    page.get_by_role("button", name="Choose the systems").click()
    page.get_by_role("group", name="South").get_by_label("Cliffshire").check()
    page.get_by_role("button", name="Save the systems that are ticked").click()

    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_text("Missing", exact=True)).to_have_count(0)
    expect(page.get_by_text("No reminder is planned, so none goes out by itself.")).to_be_visible()
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("alert")).to_contain_text(f"“{ROUND}” is open.")
    expect(page.get_by_text("Not started", exact=True)).to_have_count(3)


def type_moment(page: Page, field: str, day: datetime.date, time: str = "") -> None:
    group = page.get_by_role("group", name=field)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label).fill(str(value))
    if time:
        group.get_by_label("Time").fill(time)


def close(page: Page) -> None:
    go_to_round(page)
    expect(page.get_by_text("2 of 3 systems submitted.")).to_be_visible()
    page.get_by_role("button", name="Close the round").click()
    expect(page.get_by_text("2 of 3 systems have submitted.")).to_be_visible()
    page.get_by_role("button", name="Close the round").click()
    expect(page.get_by_role("alert")).to_contain_text(f"“{ROUND}” is closed.")


def release_provisionally(page: Page) -> None:
    page.get_by_role("button", name="Release results provisionally").click()
    expect(page.get_by_text("Cliffshire: not started")).to_be_visible()
    page.get_by_role("button", name="Release provisionally").click()
    expect(page.get_by_role("heading", name="Provisional, not for publication")).to_be_visible()


def publish(page: Page) -> None:
    go_to_round(page)
    page.get_by_role("button", name="Publish the results").click()
    expect(page.get_by_text("0 raised, 0 without an answer.")).to_be_visible()
    why = "Why are the results published before the time for challenges has ended?"
    page.get_by_label(why).fill("Both systems have looked.")
    page.get_by_role("button", name="Publish results").click()
    expect(page.get_by_role("heading", level=1, name=f"Results: {ROUND}")).to_be_visible()
    expect(page.get_by_role("heading", name="Provisional, not for publication")).to_have_count(0)


def go_to_round(page: Page) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Rounds").click()
    page.get_by_role("link", name=ROUND).click()


# The data lead and the approver


def answer_for_ambleshire(page: Page) -> None:
    """Every kind of question is answered, and one is said not to apply."""
    page.goto("/")
    page.get_by_role("link", name=f"Ambleshire, {ROUND}").click()
    page.get_by_role("link", name="Data platform", exact=True).click()
    choose(page, "How mature is linked data?", "4 Embedded")
    comment(page, "How mature is linked data?", "The coverage table of May shows it.")
    choose(page, "How mature is shared platform?", "Not applicable")
    fill(
        page,
        "How mature is shared platform?",
        "We have none.",
        field="Why does this question not apply?",
    )
    fill(page, "What percentage of practices supply data?", "87")
    choose(page, "Which sectors supply data?", "Acute hospitals", "Another sector")
    fill(page, "Which sectors supply data?", "Hospices", field="Say what you mean")
    choose(page, "How mature is data quality?", "3 Established")
    save_and_continue(page)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Skills")
    choose(page, "How mature is training?", "2 Patchy")
    choose(page, "How mature is recruitment?", "3 Established")
    fill(page, "How many analysts are there?", "1,250.5")
    comment(page, "How many analysts are there?", "Without contractors.")
    fill(page, "How is analysts' time divided?", "70", field="Reporting")
    fill(page, "How is analysts' time divided?", "30", field="Strategy")
    choose(page, "How clear are national plans?", "Unclear")
    fill(page, "What could others learn from you?", "Our tested pipelines.")
    choose(page, "What could others learn from you?", "Yes")
    save_and_continue(page)
    expect(page.get_by_text("Every question that is asked has an answer.")).to_be_visible()


def answer_for_borderland(page: Page) -> None:
    """One answer makes a further question be asked; one question stays unanswered."""
    page.goto("/")
    page.get_by_role("link", name=f"Borderland, {ROUND}").click()
    page.get_by_role("link", name="Data platform", exact=True).click()
    choose(page, "How mature is linked data?", "2 Patchy")
    choose(page, "How mature is shared platform?", "5 Leading")
    choose(page, "How mature is data quality?", "2 Patchy")
    fill(page, "What percentage of practices supply data?", "0")
    choose(page, "Which sectors supply data?", "None")
    save_and_continue(page)
    page.get_by_role("link", name="Previous").click()
    asked = question(page, "Why does no sector supply data?")
    expect(asked).to_contain_text("Answer this only if")
    expect(asked).not_to_contain_text("it is not asked")
    fill(page, "Why does no sector supply data?", "The agreements are not signed.")
    save_and_continue(page)

    choose(page, "How mature is training?", "5 Leading")
    choose(page, "How mature is recruitment?", "4 Embedded")
    fill(page, "How many analysts are there?", "12")
    fill(page, "How is analysts' time divided?", "100", field="Reporting")
    fill(page, "How is analysts' time divided?", "0", field="Strategy")
    choose(page, "How clear are national plans?", "Clear")
    save_and_continue(page)
    expect(page.get_by_role("link", name="What could others learn from you?")).to_be_visible()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send for sign-off").click()
    expect(page.get_by_role("alert")).to_contain_text("The assessment is sent for sign-off.")


def sign_for(page: Page, system: str, *, scores: list[list[str]]) -> None:
    page.goto("/")
    page.get_by_role("link", name=f"{system}, {ROUND}").click()
    page.get_by_role("link", name="Read and sign").click()
    lines = table(page, "Score, gaps, changes and comments of each dimension")[1:]
    headings = ("Dimension ", "Score ", "Scored questions answered ")
    assert [
        [cell.removeprefix(name) for name, cell in zip(headings, line, strict=False)] for line in lines
    ] == (scores)
    sign(page, "April Approver", "Chief executive")
    expect(page.get_by_role("alert")).to_contain_text("The assessment is signed and submitted as copy 1.")


# The analyst


def read_before_publication(lead: Page, analyst: Page) -> None:
    """Before publication a system sees its own results and nothing that is worked out from all."""
    lead.goto("/results/")
    lead.get_by_role("link", name=ROUND).click()
    assert table(lead, "Scores on each dimension") == [
        ["System", "Data platform", "Skills", "Median"],
        ["North"],
        [
            "Ambleshire",
            "Ambleshire, Data platform: 3.5*, 2 of 3 questions answered",
            "Ambleshire, Skills: 2.5",
            "3.0",
        ],
        ["South"],
        ["Borderland", "Borderland, Data platform: 3.0", "Borderland, Skills: 4.5", "3.8"],
    ]
    expect(lead.get_by_role("table")).to_have_count(1)
    analyst.goto("/results/")
    analyst.get_by_role("link", name=ROUND).click()
    expect(analyst.get_by_role("heading", name="Provisional, not for publication")).to_be_visible()
    assert table(analyst, "How systems differ on each dimension")[1][2] == "3.5"


def read_overview(page: Page) -> None:
    """Ambleshire 3.5 and 2.5, Borderland 3.0 and 4.5, Cliffshire nothing."""
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Results").click()
    page.get_by_role("link", name=ROUND, exact=True).click()
    expect(page.get_by_role("heading", name="Provisional, not for publication")).to_have_count(0)
    assert said(page) == [
        "2 of 3 systems submitted (67%).",
        "Not submitted: Cliffshire.",
        (
            "Systems differ most on “Skills”, where the middle half of them spans 1.0 levels, and least on "
            "“Data platform” (0.3 levels)."
        ),
        "The median score is highest on “Skills” (3.5) and lowest on “Data platform” (3.3).",
    ]
    assert table(page, "How systems differ on each dimension") == [
        HEADERS,
        # Agreement: -5/12 on training, 0.75 on recruitment; the middle of them is 1/6.
        [
            *("Skills", "2 of 3", "3.5", "3.0 to 4.0", "1.0", "2.7 to 4.3", "1.6", "2.5 to 4.5"),
            agreed("No clear", "0.17", 2),
        ],
        # Q1 3.125, Q3 3.375, P10 3.05, P90 3.45. Agreement: 1/6, 1 and 0.75.
        [
            *("Data platform", "2 of 3", "3.3", "3.1 to 3.4", "0.3", "3.1 to 3.5", "0.4", "3.0 to 3.5"),
            agreed("Strong", "0.75", 3),
        ],
    ]
    assert table(page, "Every system's score on each dimension") == [
        ["System", "Data platform", "Skills", "Median"],
        ["North"],
        [
            "Ambleshire",
            "Ambleshire, Data platform: 3.5*, 2 of 3 questions answered",
            "Ambleshire, Skills: 2.5",
            "3.0",
        ],
        ["South"],
        ["Borderland", "Borderland, Data platform: 3.0", "Borderland, Skills: 4.5", "3.8"],
        ["Cliffshire", "not submitted", ""],
    ]
    assert table(page, "Across dimensions")[1:] == [
        ["Overall", "2 of 3", "3.4", "3.2 to 3.6", "3.1 to 3.7"],
        ["Infrastructure", "2 of 3", "3.3", "3.1 to 3.4", "3.1 to 3.5"],
        ["Culture", "2 of 3", "3.5", "3.0 to 4.0", "2.7 to 4.3"],
        ["Infrastructure minus Culture", "2 of 3", "-0.3", "-0.9 to +0.4", "-1.3 to +0.8"],
        ["Infrastructure minus Culture, core dimensions", "2 of 3", "-0.3", "-0.9 to +0.4", "-1.3 to +0.8"],
    ]
    chart = drawn(page, "Systems differ most on “Skills”: the middle half spans 1.0 levels")
    assert chart.table == [
        ["Skills", "2 of 3", "2.7", "3.0", "3.5", "4.0", "4.3", "1.0", "1.6"],
        ["Data platform", "2 of 3", "3.1", "3.1", "3.3", "3.4", "3.5", "0.3", "0.4"],
    ]
    # In the drawing P10 and Q1 are the ends of one line, P90 and Q3 those of another.
    assert chart.marks == {
        "P10 to P90: middle 80% of systems": close_to(2.7, 3.0, 4.3, 4.0, 3.05, 3.125, 3.45, 3.375),
        "Q1 to Q3: middle half of systems": close_to(4.0, 3.375),
        "Median of systems": close_to(3.5, 3.25),
    }
    spreads = downloaded_rows(page, "How systems differ on each dimension (CSV)")
    assert figures(spreads, "systems_with_a_score", "systems", "p10", "q1", "median", "q3", "p90") == [
        ("Skills", 2, 3, 2.7, 3.0, 3.5, 4.0, 4.3),
        ("Data platform", 2, 3, 3.05, 3.125, 3.25, 3.375, 3.45),
        ("Overall", 2, 3, 3.075, 3.1875, 3.375, 3.5625, 3.675),
        ("Infrastructure", 2, 3, 3.05, 3.125, 3.25, 3.375, 3.45),
        ("Culture", 2, 3, 2.7, 3.0, 3.5, 4.0, 4.3),
        ("Infrastructure minus Culture", 2, 3, -1.25, -0.875, -0.25, 0.375, 0.75),
        ("Infrastructure minus Culture, core dimensions", 2, 3, -1.25, -0.875, -0.25, 0.375, 0.75),
    ]
    scores = [row for row in downloaded_rows(page, "Every score of every system") if row["code"] == "skills"]
    assert [(row["system"], row["status"], row["score"]) for row in scores] == [
        ("Ambleshire", "scored", "2.5000"),
        ("Borderland", "scored", "4.5000"),
        ("Cliffshire", "not submitted", ""),
    ]


def read_dimension(page: Page) -> None:
    page.get_by_role("table", name="How systems differ").get_by_role("link", name="Data platform").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Data platform")
    assert said(page) == [
        (
            "2 of 3 systems have a score. The median is 3.3. The middle half lies between 3.1 and 3.4, which "
            "spans 0.3 levels, and the middle 80% between 3.1 and 3.5."
        ),
        # Cliffshire could have scored anything from 1 to 5: the median would be 3.0, its own score or 3.5.
        (
            "Whatever the systems without a score would have scored, the median of all 3 lies between 3.0 "
            "and 3.5."
        ),
        "By region, the median is lowest in South (3.0) and highest in North (3.5).",
        "Not submitted: Cliffshire.",
    ]
    # Without the question on linked data Ambleshire has 3 and Borderland (2 + 5) / 2, so they change places.
    assert table(page, "All systems on Data platform") == [
        ["System", "Region", "Score", "", "Questions answered", "Rank (range)", "To note"],
        [
            "Ambleshire",
            "North",
            "Answers of Ambleshire: 3.5",
            "",
            "2 of 3",
            "1 (1 to 2)",
            "1 question without a score",
        ],
        ["Borderland", "South", "Answers of Borderland: 3.0", "", "3 of 3", "2 (1 to 2)", ""],
        ["Cliffshire", "South", "not submitted", "", "", ""],
    ]
    chart = drawn(page, "Data platform: the middle half of systems lies between 3.1 and 3.4")
    assert chart.table == [
        ["All systems", "2 of 3", "3.0", "3.1", "3.3", "3.4", "3.5", "Ambleshire 3.5; Borderland 3.0"],
        ["North", "1 of 1", "3.5", "3.5", "3.5", "3.5", "3.5", "Ambleshire 3.5"],
        ["South", "1 of 2", "3.0", "3.0", "3.0", "3.0", "3.0", "Borderland 3.0"],
    ]
    assert chart.marks["One system"] == close_to(3.5, 3.0, 3.5, 3.0)
    assert chart.marks["Median of systems"] == close_to(3.25, 3.5, 3.0)
    assert table(page, "How far systems agree on each question")[1:] == [
        ["How mature is linked data?", at_levels(0, 1, 0, 1, 0), "2 of 3", "No clear agreement (A = 0.17)"],
        ["How mature is shared platform?", at_levels(0, 0, 0, 0, 1), "1 of 3", "Strong agreement (A = 1.00)"],
        ["How mature is data quality?", at_levels(0, 1, 1, 0, 0), "2 of 3", "Strong agreement (A = 0.75)"],
    ]
    assert figures(downloaded_rows(page, "Download the figures (CSV)"), "score", of="system") == [
        ("Ambleshire", 3.5),
        ("Borderland", 3.0),
        ("Cliffshire", None),
    ]


def read_system(page: Page) -> None:
    page.get_by_role("rowheader", name="Ambleshire").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ambleshire")
    expect(page.get_by_text("Self-assessed and signed by April Approver, Chief executive,")).to_be_visible()
    assert table(page, "Each dimension")[1:] == [
        ["Data platform", "3.5", "2 of 3", "3.3 (2 of 3)", "3.1 to 3.4", "3.1 to 3.5", "3.5 (1 of 1)"],
        ["Skills", "2.5", "2 of 2", "3.5 (2 of 3)", "3.0 to 4.0", "2.7 to 4.3", "2.5 (1 of 1)"],
    ]
    assert [row[:2] for row in table(page, "Across dimensions")[1:]] == [
        ["Overall", "3.0"],
        ["Infrastructure", "3.5"],
        ["Culture", "2.5"],
        ["Infrastructure minus Culture", "+1.0"],
        ["Infrastructure minus Culture, core dimensions", "+1.0"],
    ]
    chart = drawn(page, "Ambleshire")
    assert chart.table == [
        ["Data platform", "3.5", "2 of 3", "3.1", "3.1", "3.3", "3.4", "3.5", "3.5"],
        ["Skills", "2.5", "2 of 2", "2.7", "3.0", "3.5", "4.0", "4.3", "2.5"],
    ]
    assert chart.marks == {
        "P10 to P90: middle 80% of systems": close_to(3.05, 3.125, 3.45, 3.375, 2.7, 3.0, 4.3, 4.0),
        "Q1 to Q3: middle half of systems": close_to(3.375, 4.0),
        "Median of systems": close_to(3.25, 3.5),
        "Median of North": close_to(3.5, 2.5),
        "This system": close_to(3.5, 2.5),
    }
    rows = downloaded_rows(page, "Download the figures (CSV)")
    assert figures(rows, "score", "answered", "asked", "median")[:3] == [
        ("Data platform", 3.5, 2, 3, 3.25),
        ("Skills", 2.5, 2, 2, 3.5),
        ("People", 2.5, 2, 2, 3.5),
    ]


def read_answers(page: Page) -> None:
    """Behind each score are the answers as they were given."""
    page.get_by_role("table", name="Each dimension").get_by_role("link", name="Skills").click()
    told = page.get_by_role("main").inner_text()
    for words in (
        "Self-assessed score: 2.5. 2 of 2 scored questions answered.",
        "2 Patchy",
        "1,250.5 WTE",
        "Comment: Without contractors.",
        "Reporting: 70%\nStrategy: 30%",
        "Unclear",
        "Our tested pipelines.",
    ):
        assert words in told


def said(page: Page) -> list[str]:
    """The sentences below the heading “What the results say”."""
    heading = page.get_by_role("heading", name="What the results say")
    return heading.locator("xpath=following-sibling::ul[1]").get_by_role("listitem").all_inner_texts()


def agreed(words: str, a: str, questions: int) -> str:
    return f"{words} agreement ({a}, {questions} questions)"


def at_levels(*systems: int) -> str:
    names = ("1 Ad hoc", "2 Patchy", "3 Established", "4 Embedded", "5 Leading")
    return " ".join(f"{name}: {count}" for name, count in zip(names, systems, strict=True))


def close_to(*places: float) -> object:
    """Places on an axis of 1 to 5, as near as a pixel can be."""
    return pytest.approx(list(places), abs=0.02)


def figures(
    rows: list[dict[str, str]], *columns: str, of: str = "name"
) -> list[tuple[str | float | None, ...]]:
    """Columns of a CSV file as numbers, beside the name of each row."""
    return [(row[of], *(float(row[column]) if row[column] else None for column in columns)) for row in rows]
