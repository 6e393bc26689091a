"""Answering, signing and reading in browsers in which no script runs."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from surveys.models import Person
from tests.browser.answering import choose, comment, fill, question, save_and_continue, sign
from tests.browser.conftest import OpenPage
from tests.browser.reading import cells, downloaded_rows, table
from tests.browser.trouble import Trouble
from tests.factories import PASSWORD
from tests.signed import release_for_good, submit_north
from tests.world import build_world

LINKED, SHARED = "How mature is linked data?", "How mature is shared platform?"


def sign_in(page: Page, person: Person) -> None:
    page.goto("/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(person.name)


def open_platform(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Ambleshire, Spring round", exact=True).click()
    page.get_by_role("link", name="Data platform", exact=True).click()


def test_answering_signing_and_submitting(site: str, open_page: OpenPage, trouble: Trouble) -> None:
    world = build_world()
    trouble.expect(f"409 POST /assessments/{world.assessment.pk}/sections/data_platform/")
    connie, lena, april = (open_page(javascript=False) for _ in range(3))
    sign_in(connie, world.contributor)
    sign_in(lena, world.lead)
    open_platform(connie)
    open_platform(lena)

    save_part_of_a_section(connie)
    lose_a_race_and_settle_it(lena)
    answer_the_rest(lena)
    check_and_send(lena)
    sign_in(april, world.approver)
    read_and_sign(april)


def save_part_of_a_section(page: Page) -> None:
    """What is right is saved; what is not stays as it was typed, and each message leads to its field."""
    choose(page, LINKED, "4 Embedded")
    choose(page, SHARED, "Not applicable")
    fill(page, "What percentage of practices supply data?", "most of them")
    choose(page, "Which sectors supply data?", "None")
    page.get_by_role("button", name="Save", exact=True).click()

    problems = page.get_by_role("alert").get_by_role("link")
    expect(problems).to_have_text(
        ["Question 2: Say why this question does not apply", "Question 3: Enter a number, such as 12 or 3.5"]
    )
    expect(page.get_by_text("2 answers are saved.")).to_be_visible()
    expect(question(page, LINKED).get_by_label("4 Embedded")).to_be_checked()
    share = page.get_by_label("What percentage of practices supply data?")
    expect(share).to_have_value("most of them")
    problems.nth(1).click()
    expect(page).to_have_url(f"{page.url.split('#')[0]}#{share.get_attribute('id')}")

    share.fill("60")
    fill(page, SHARED, "We have no platform.", field="Why does this question not apply?")
    fill(page, "Why does no sector supply data?", "The agreements\nare not signed.")
    save_and_continue(page)
    expect(page.get_by_text("“Data platform” is saved.")).to_be_visible()
    expect(page.get_by_text("5 of 5 questions answered. Held by Connie Contributor.")).to_be_visible()


def lose_a_race_and_settle_it(page: Page) -> None:
    """The page was opened before the colleague saved: both answers are shown, and neither is lost."""
    choose(page, LINKED, "2 Patchy")
    comment(page, LINKED, "Only the acute hospitals.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", name="Two answers to question 1")).to_be_visible()
    disputed = question(page, LINKED)
    expect(disputed).to_contain_text("Connie Contributor saved another answer on")
    expect(disputed).to_contain_text("Typed by you 2 Patchy Comment: Only the acute hospitals.")
    disputed.get_by_label("Mine").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Data platform” is saved.")).to_be_visible()
    expect(question(page, LINKED).get_by_label("2 Patchy")).to_be_checked()
    expect(page.get_by_label("Why does no sector supply data?")).to_have_value(
        "The agreements\nare not signed."
    )


def answer_the_rest(page: Page) -> None:
    page.get_by_role("link", name="Next").click()
    choose(page, "How mature is training?", "3 Established")
    fill(page, "How many analysts are there?", "12.5")
    comment(page, "How many analysts are there?", "Without contractors.")
    fill(page, "How is analysts' time divided?", "70", field="Reporting")
    fill(page, "How is analysts' time divided?", "20", field="Strategy")
    choose(page, "How clear are national plans?", "Unclear")
    fill(page, "What could others learn from you?", "Our pipelines.")
    choose(page, "What could others learn from you?", "No")
    save_and_continue(page)
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["Question 4: The parts must add up to 100. They add up to 90."]
    )
    fill(page, "How is analysts' time divided?", "30", field="Strategy")
    save_and_continue(page)


def check_and_send(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    gaps = page.get_by_role("main").get_by_role("listitem").get_by_role("link")
    expect(gaps).to_have_text(["How mature is recruitment?"])
    gaps.click()
    choose(page, "How mature is recruitment?", "4 Embedded")
    save_and_continue(page)
    expect(page.get_by_text("Every question that is asked has an answer.")).to_be_visible()
    page.get_by_role("button", name="Send for sign-off").click()
    expect(page.get_by_text("The assessment is sent for sign-off.")).to_be_visible()


def read_and_sign(page: Page) -> None:
    page.get_by_role("link", name="Ambleshire, Spring round", exact=True).click()
    page.get_by_role("link", name="Read and sign").click()
    assert [row[:3] for row in table(page, "Score, gaps, changes and comments of each dimension")] == [
        ["Dimension", "Score", "Scored questions answered"],
        ["Dimension Data platform", "Score Withheld", "Scored questions answered 1 of 2"],
        ["Dimension Skills", "Score 3.5", "Scored questions answered 2 of 2"],
    ]
    page.get_by_role("button", name="Sign and submit").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["Enter your job title", "Tick the box to agree to the declaration"]
    )
    sign(page, "April Approver", "Chief executive")
    expect(page.get_by_text("The assessment is signed and submitted as copy 1.")).to_be_visible()
    expect(
        page.get_by_text("Saved by Lena Lead").or_(page.get_by_text("We have no platform."))
    ).to_be_visible()


def test_reading_results(site: str, open_page: OpenPage) -> None:
    world = build_world()
    submit_north(world)
    release_for_good(world.round)
    page = open_page(javascript=False)
    sign_in(page, world.national_analyst)
    page.get_by_role("main").get_by_role("link", name="Spring round").last.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Results: Spring round")
    expect(page.get_by_role("figure").get_by_role("table")).to_be_hidden()
    page.get_by_role("figure").get_by_text("Show the figures as a table").click()
    assert drawn_as_table(page) == ["Skills", "Data platform"]
    page.get_by_role("table", name="How systems differ").get_by_role("link", name="Skills").click()

    assert systems(page) == ["Ambleshire", "Borderland", "Cliffshire"]
    page.get_by_role("columnheader").get_by_role("link", name="Score").click()
    page.get_by_role("columnheader").get_by_role("link", name="Score").click()
    assert systems(page) == ["Borderland", "Ambleshire", "Cliffshire"]
    assert drawn_as_table(page) == ["All systems", "North", "South"]
    in_file = downloaded_rows(page, "Download the figures (CSV)")
    assert [(row["system"], row["score"]) for row in in_file] == [
        ("Borderland", "4.5000"),
        ("Ambleshire", "2.5000"),
        ("Cliffshire", ""),
    ]

    page.get_by_role("table", name="All systems on Skills").get_by_role(
        "link", name="Borderland"
    ).first.click()
    assert drawn_as_table(page) == ["Data platform", "Skills"]
    page.get_by_role("table", name="Each dimension").get_by_role("link", name="Skills").click()
    expect(page.get_by_text("5 Leading")).to_be_visible()


def systems(page: Page) -> list[str]:
    """The systems in the order of the table."""
    return [row[0] for row in table(page, "All systems on Skills")[1:]]


def drawn_as_table(page: Page) -> list[str]:
    """The rows of the table that stands for the page's chart: in view, and with nothing drawn beside it."""
    figure = page.get_by_role("figure")
    expect(figure.get_by_role("table")).to_be_visible()
    expect(figure.get_by_role("img")).to_have_count(0)
    expect(figure.get_by_role("button")).to_have_count(0)
    return [row[0] for row in cells(figure.get_by_role("table"))[1:]]
