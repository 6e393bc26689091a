"""Components that pages put together, and the frame around every page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.templates.sample_forms import EveryControl
from tests.templates.sample_site import Cell, Link, figure
from tests.templates.test_controls import same


def component(name: str, **context: Any) -> str:
    """Return the HTML of a component."""
    return render_to_string(f"components/{name}.html", context)


def test_progress_is_said_in_words() -> None:
    assert same(
        component("progress", done=1200, total=5400, what="question"),
        """
        <div class="app-progress">
          <p class="app-progress__text"><strong>1200 of 5400</strong> questions answered</p>
          <progress class="app-progress__bar" value="1200" max="5400" aria-hidden="true"></progress>
        </div>
        """,
    )


@pytest.mark.parametrize(
    ("status", "colour"),
    [
        ("in_progress", "blue"),
        ("open", "blue"),
        ("awaiting_signoff", "yellow"),
        ("returned", "yellow"),
        ("provisional", "purple"),
        ("submitted", "white"),
        ("published", "white"),
        ("complete", "white"),
        ("not_started", "grey"),
        ("closed", "grey"),
        ("draft", "grey"),
    ],
)
def test_a_status_is_a_word_with_a_colour(status: str, colour: str) -> None:
    html = component("tag_status", status=status, label="So far")
    assert same(html, f'<strong class="nhsuk-tag nhsuk-tag--{colour}">So far</strong>')


def test_a_task_is_a_link_described_by_its_hint_and_status() -> None:
    assert same(
        component(
            "task",
            id="skills",
            label="Skills",
            url="/s/",
            hint="6 questions",
            status="open",
            status_label="Open",
        ),
        """
        <li class="nhsuk-task-list__item nhsuk-task-list__item--with-link">
          <div class="nhsuk-task-list__name-and-hint">
            <a class="nhsuk-task-list__link nhsuk-link" href="/s/"
               aria-describedby="skills-hint skills-status">Skills</a>
            <div class="nhsuk-task-list__hint" id="skills-hint">6 questions</div>
          </div>
          <div class="nhsuk-task-list__status" id="skills-status">
            <strong class="nhsuk-tag nhsuk-tag--blue">Open</strong>
          </div>
        </li>
        """,
    )


def test_a_task_that_cannot_be_started_is_no_link() -> None:
    assert same(
        component("task", id="sign-off", label="Sign-off", status="", status_label="Cannot start yet"),
        """
        <li class="nhsuk-task-list__item">
          <div class="nhsuk-task-list__name-and-hint"><div>Sign-off</div></div>
          <div class="nhsuk-task-list__status" id="sign-off-status">
            <strong class="nhsuk-tag nhsuk-tag--grey">Cannot start yet</strong>
          </div>
        </li>
        """,
    )


def test_a_summary_row_keeps_line_breaks_and_says_what_is_changed() -> None:
    assert same(
        component("summary_row", key="Comment", value="One\n<b>two</b>", url="/edit/"),
        """
        <div class="nhsuk-summary-list__row">
          <dt class="nhsuk-summary-list__key">Comment</dt>
          <dd class="nhsuk-summary-list__value">One<br>&lt;b&gt;two&lt;/b&gt;</dd>
          <dd class="nhsuk-summary-list__actions">
            <a href="/edit/">Change<span class="nhsuk-u-visually-hidden"> Comment</span></a>
          </dd>
        </div>
        """,
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [("", '<span class="nhsuk-u-secondary-text-colour">Not answered</span>'), (0, "0")],
)
def test_nothing_is_not_the_same_as_nought(value: object, shown: str) -> None:
    assert same(
        component("summary_row", key="Beds", value=value, empty="Not answered"),
        f"""
        <div class="nhsuk-summary-list__row">
          <dt class="nhsuk-summary-list__key">Beds</dt>
          <dd class="nhsuk-summary-list__value">{shown}</dd>
        </div>
        """,
    )


def test_levels_say_when_a_level_counts_before_the_choice_is_made() -> None:
    html = component(
        "level_radios", field=EveryControl()["level"], previous="In the 2024 round: 2 Developing."
    )
    head, choices = html.split('<div class="nhsuk-radios', 1)
    assert same(
        head + "</fieldset></div>",
        """
        <div class="nhsuk-form-group app-levels">
          <fieldset class="nhsuk-fieldset" aria-describedby="id_level-rule">
            <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--m">How is data shared?</legend>
            <p class="app-levels__rule" id="id_level-rule">
              A level counts only if every part of its description is true.
            </p>
            <p class="app-levels__previous">In the 2024 round: 2 Developing.</p>
          </fieldset>
        </div>
        """,
    )
    assert [
        name for name in ("1 Starting", "2 Developing", "3 Established") if choices.count(f">{name}<") == 1
    ] == [
        "1 Starting",
        "2 Developing",
        "3 Established",
    ]
    assert choices.count("checked") == 0


def test_a_cell_of_the_heat_table_is_a_number_with_a_link_or_a_reason() -> None:
    assert same(
        component("heat_cell", cell=Cell("3.4", 5, "/devon/", "NHS Devon, Skills")),
        """
        <td class="nhsuk-table__cell app-heat-table__cell app-heat-table__cell--5">
          <a class="app-heat-table__link" href="/devon/">
            <span class="nhsuk-u-visually-hidden">NHS Devon, Skills: </span>3.4</a>
        </td>
        """,
    )
    assert same(
        component("heat_cell", cell=Cell(reason="Withheld")),
        '<td class="nhsuk-table__cell app-gap"><span class="app-gap__text">Withheld</span></td>',
    )


def test_a_bar_is_drawn_without_a_style_attribute() -> None:
    assert same(
        component("bar", share="60.00", marker="55.00"),
        """
        <svg class="app-bar" viewBox="0 0 100 10" width="100%" height="16" preserveAspectRatio="none"
             aria-hidden="true" focusable="false">
          <rect class="app-bar__track" width="100" height="10"></rect>
          <rect class="app-bar__value" width="60.00" height="10"></rect>
          <line class="app-bar__marker" x1="55.00" x2="55.00" y1="0" y2="10"></line>
        </svg>
        """,
    )


def test_a_figure_has_its_table_open_and_its_specification_beside_it() -> None:
    html = component("figure", figure=figure("skills"), heading="h3")
    assert html.count('<details class="nhsuk-details app-figure__data" open>') == 1
    table = html.split("<tbody", 1)[1]
    cells = [part.split("<", 1)[0] for part in table.split('">')[2:] if part.split("<", 1)[0].strip()]
    assert cells == [
        *("NHS &lt;b&gt;Devon&lt;/b&gt;", "1 of 2", "3.4", "3.4", "3.4", "3.4", "3.4", "Devon 3.4"),
        *("NHS Dorset", "0 of 1", "no score", "no score", "no score", "no score", "no score"),
    ]
    assert html.count('<script id="skills-spec" type="application/json">') == 1
    assert html.count("<b>") == 0


def test_a_footer_has_no_dead_links(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.templates.sample_site"
    html = component("footer", support_email="survey@example.org")
    links = [part.split('"', 1)[0] for part in html.split('href="')[1:]]
    assert links == ["/privacy/", "mailto:survey@example.org"]


def test_the_header_names_the_person_who_is_signed_in_and_not_one_on_the_page(settings: Any) -> None:
    settings.ROOT_URLCONF = "surveys.urls"
    user = SimpleNamespace(is_authenticated=True, name="Lena <Lead>", email="lena@example.org")
    html = component(
        "header",
        request=SimpleNamespace(user=user),
        person=SimpleNamespace(name="Somebody Else"),
        navigation=(Link("Home", "/"), Link("Results", "/results/", current=True)),
    )
    assert html.count("Lena &lt;Lead&gt;") == 1
    assert html.count("Somebody Else") == 0
    assert html.count('action="/sign-out/" method="post"') == 1
    current = html.split('href="/results/"')[1].split(">")[0]
    assert current.strip() == 'aria-current="true"'


def test_a_page_without_a_person_or_a_request_still_has_its_frame() -> None:
    html = render_to_string("500.html")
    assert html.count("Sign out") == 0
    assert html.count("<h1") == 1
    assert html.count("Synthetic data") == 0


def test_a_page_with_synthetic_data_says_so_above_its_content() -> None:
    html = render_to_string("404.html", {"synthetic": True})
    assert html.split("<main")[0].count("describes no real system") == 1
