"""The pages of results: who may open them, and that page, file and chart show the frozen numbers."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from surveys.actions.releases import correct
from surveys.analysis.rounding import half_up
from surveys.models import Assessment, Release, Result, Round
from surveys.questionnaires.responses import Response
from tests.country import make_country
from tests.factories import SMALL_CONTENT, make_round, publish_content
from tests.pages import as_, text_of
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

PRIVATE = ("Cuts in Ambleshire", "Hospices in Ambleshire", "No platform in Borderland", "Borderland says no")


def addresses(made: Release, assessment: Assessment) -> dict[str, str]:
    """Every address of a release, about one system and the dimension skills."""
    return {
        "overview": reverse("results_overview", args=[made.pk]),
        "dimension": reverse("results_dimension", args=[made.pk, "skills"]),
        "system": reverse("results_system", args=[made.pk, assessment.pk]),
        "answers": reverse("results_answers", args=[made.pk, assessment.pk, "skills"]),
        "overview.csv": reverse("results_overview_csv", args=[made.pk]),
        "dimension.csv": reverse("results_dimension_csv", args=[made.pk, "skills"]),
        "system.csv": reverse("results_system_csv", args=[made.pk, assessment.pk]),
        "scores.csv": reverse("results_scores_csv", args=[made.pk]),
    }


def body(response: Any) -> str:
    """Everything that was sent."""
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


def chart_of(response: Any) -> Any:
    """The specification of the one chart on a page."""
    (spec,) = re.findall(r'<script id="\w+-spec" type="application/json">(.*?)</script>', body(response))
    return json.loads(spec)


def trace_of(response: Any, name: str) -> Any:
    """What the chart on a page draws under this name."""
    (trace,) = (trace for trace in chart_of(response)["data"] if trace.get("name") == name)
    return trace


# The numbers


def test_page_file_and_chart_show_the_frozen_score(world: World, client: Client) -> None:
    """A score of two thirds: 2.6667 in the row and the file, 2.7 on the page, 2.6667 in the chart."""
    chosen = levels(linked_data=4, shared_platform=3, training=2, recruitment=3)
    submit(world.assessment, world.approver, chosen)
    submit(world.sister_assessment, world.sister_approver, chosen | levels(training=5, recruitment=4))
    made = release_for_good(world.round)
    frozen = {
        row.assessment.organisation_name: row.score
        for row in Result.objects.filter(release=made, measure="dimension", code="skills")
    }
    assert frozen == {"Ambleshire": Decimal("2.5"), "Borderland": Decimal("4.5")}

    as_(client, world.lead)
    where = addresses(made, world.assessment)
    page = client.get(where["dimension"])
    shown = re.findall(r"Answers of (\w+): </span>([\d.]+)</a>", body(page))
    held = {
        row["system"]: row["score"]
        for row in csv.DictReader(io.StringIO(body(client.get(where["dimension.csv"]))))
    }
    dots = trace_of(page, "One system")["x"]
    medians = trace_of(page, "Median of systems")["x"]
    assert dict(shown) == {name: str(half_up(score, 1)) for name, score in frozen.items() if score}
    assert {name: Decimal(score) for name, score in held.items() if score} == frozen
    assert dots == [2.5, 4.5, 2.5, 4.5]
    assert medians == [3.5, 3.5]
    assert "The median is 3.5." in text_of(page)


def test_a_dimension_whose_code_has_a_point_has_its_pages(world: World, client: Client) -> None:
    """A code may be "2.1" or even end like a file; every address of the dimension leads to it."""
    dimensions = tuple(replace(each, code=f"{each.code}.csv") for each in SMALL_CONTENT.dimensions)
    questionnaire = publish_content(key="pointed", dimensions=dimensions)
    survey_round = make_round(questionnaire, world.own, title="Pointed round")
    assessment = Assessment.objects.get(round=survey_round)
    submit(assessment, world.approver, levels(linked_data=4, shared_platform=3, training=2, recruitment=3))
    made = release_for_good(survey_round)

    as_(client, world.lead)
    overview = body(client.get(reverse("results_overview", args=[made.pk])))
    answers = reverse("results_answers", args=[made.pk, assessment.pk, "skills.csv"])
    dimension = reverse("results_dimension", args=[made.pk, "skills.csv"])
    assert (f'href="{answers}"' in overview, f'href="{dimension}"' in overview) == (True, True)
    assert "Skills" in text_of(client.get(answers))
    assert "Skills" in text_of(client.get(dimension))
    file = body(client.get(reverse("results_dimension_csv", args=[made.pk, "skills.csv"])))
    assert [row["score"] for row in csv.DictReader(io.StringIO(file))] == ["2.5000"]


def test_the_overview_and_its_chart_and_file_agree(world: World, client: Client) -> None:
    """Medians of two dimensions, in the table, in the sentence's order, in the chart, in the file."""
    chosen = levels(linked_data=4, shared_platform=3, training=2, recruitment=3)
    submit(world.assessment, world.approver, chosen)
    submit(world.sister_assessment, world.sister_approver, chosen | levels(training=5, recruitment=4))
    made = release_for_good(world.round)
    where = addresses(made, world.assessment)
    page = as_(client, world.lead).get(where["overview"])
    medians = trace_of(page, "Median of systems")["x"]
    rows = list(csv.DictReader(io.StringIO(body(client.get(where["overview.csv"])))))
    widths = [float(row["iqr"]) for row in rows if row["measure"] == "dimension"]
    assert medians == [float(row["median"]) for row in rows if row["measure"] == "dimension"] == [3.5, 3.5]
    table = re.findall(
        r'numeric">([\d.]+)</td>\s*'
        r'<td class="nhsuk-table__cell">([\d.]+ to [\d.]+)</td>\s*'
        r'<td[^>]*numeric">([\d.]+)<',
        body(page),
    )
    assert widths == [1.0, 0.0]
    assert table == [("3.5", "3.0 to 4.0", "1.0"), ("3.5", "3.5 to 3.5", "0.0")]
    assert "Systems differ most on “Skills”: the middle half spans 1.0 level" in text_of(page)


def test_each_cell_has_its_number_and_leads_to_the_answers_behind_it(world: World, client: Client) -> None:
    """Gaps say why: withheld with its counts, or not submitted across the row."""
    submit_north(world)
    made = release_for_good(world.round)
    page = body(as_(client, world.lead).get(reverse("results_overview", args=[made.pk])))
    table = page[page.index('class="nhsuk-table app-heat-table"') :]
    table = table[: table.index("</table>")]
    cells = re.findall(
        r'<td class="([^"]*)"[^>]*>\s*(?:<a class="[^"]*" href="([^"]*)">)?(.*?)</td>', table, re.DOTALL
    )
    words = [
        (("app-gap" in kind), url, " ".join(re.sub(r"<[^>]+>", " ", text).split()))
        for kind, url, text in cells
    ]
    own, sister = world.assessment, world.sister_assessment

    def behind(assessment: Assessment, code: str) -> str:
        return reverse("results_answers", args=[made.pk, assessment.pk, code])

    assert words == [
        (False, behind(own, "data_platform"), "Ambleshire, Data platform: 3.5"),
        (False, behind(own, "skills"), "Ambleshire, Skills: 2.5"),
        (False, "", "3.0"),
        (
            True,
            behind(sister, "data_platform"),
            "Borderland, Data platform: withheld , 1 of 2 questions answered",
        ),
        (False, behind(sister, "skills"), "Borderland, Skills: 4.5"),
        (False, "", "4.5"),
        (True, "", "not submitted"),
        (False, "", ""),
    ]


def test_the_profile_shows_the_change_and_who_signed(world: World, client: Client) -> None:
    """Self-assessed, signed, not moderated."""
    submit_north(world)
    made = release_for_good(world.round)
    text = text_of(as_(client, world.sister_lead).get(addresses(made, world.assessment)["system"]))
    assert "Self-assessed and signed by April Approver, Chief executive, on" in text
    assert "Not moderated: nobody outside the system has changed or confirmed these scores." in text


def test_the_answers_are_in_words(world: World, client: Client) -> None:
    """The level with its descriptor and the comment, for the owner."""
    submit_north(world)
    made = release_for_good(world.round)
    text = text_of(as_(client, world.lead).get(addresses(made, world.assessment)["answers"]))
    assert "How mature is training? 2 Patchy Patchy: training. Comment: Cuts in Ambleshire." in text


# Who may open them


@pytest.mark.parametrize("page", list(addresses(Release(pk=1), Assessment(pk=1))))
def test_after_publication_owner_colleague_and_sister_read_every_page(world: World, page: str) -> None:
    """A stranger finds nothing; somebody who has not signed in is asked to."""
    submit_north(world)
    made = release_for_good(world.round)
    url = addresses(made, world.assessment)[page]
    readers = (world.lead, world.contributor, world.sister_lead, world.far_approver, world.national_analyst)
    assert [as_(Client(), person).get(url).status_code for person in readers] == [200] * 5
    assert as_(Client(), world.newcomer).get(url).status_code == 404
    answer = Client().get(url)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('sign_in')}?next={url}")


@pytest.mark.parametrize("page", list(addresses(Release(pk=1), Assessment(pk=1))))
def test_before_publication_nothing_of_a_sister_is_in_any_page(world: World, page: str) -> None:
    """Neither its name nor its scores nor its words; its own pages do not exist."""
    submit_north(world)
    made = release(world.round)
    own = as_(Client(), world.lead).get(addresses(made, world.assessment)[page])
    assert own.status_code == 200
    sent = body(own)
    assert [word for word in ("Borderland", "4.5", "Cliffshire") if word in sent] == []
    theirs = as_(Client(), world.lead).get(addresses(made, world.sister_assessment)[page])
    assert theirs.status_code == (200 if "system" not in page and page != "answers" else 404)
    if theirs.status_code == 200:
        assert "Borderland" not in body(theirs)


@pytest.mark.parametrize("page", list(addresses(Release(pk=1), Assessment(pk=1))))
def test_public_results_are_open_to_everybody_without_a_private_word(world: World, page: str) -> None:
    """Also to those who have not signed in, and to those who have but belong nowhere."""
    submit_north(world)
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = release_for_good(Round.objects.get(pk=world.round.pk))
    for assessment in (world.assessment, world.sister_assessment):
        url = addresses(made, assessment)[page]
        for reader in (Client(), as_(Client(), world.newcomer)):
            answer = reader.get(url)
            sent = body(answer)
            assert answer.status_code == 200
            assert [word for word in (*PRIVATE, "April Approver", "Saul Sister") if word in sent] == []


def test_a_release_that_does_not_exist_looks_like_one_that_is_not_public(
    world: World, client: Client
) -> None:
    """Somebody outside learns nothing of what there is."""
    made = release_for_good(world.round)
    answers = [client.get(reverse("results_overview", args=[pk])) for pk in (made.pk, made.pk + 1000)]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_dimension_that_a_public_release_lacks_is_not_found(world: World, client: Client) -> None:
    """Signing in would not help."""
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = release_for_good(Round.objects.get(pk=world.round.pk))
    assert client.get(reverse("results_dimension", args=[made.pk, "nothing"])).status_code == 404


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
def test_numbers_that_no_release_has_are_not_found(world: World, client: Client, pk: int) -> None:
    """However large."""
    as_(client, world.national_analyst)
    assert client.get(reverse("results_overview", args=[pk])).status_code == 404
    made = release_for_good(world.round)
    assert client.get(reverse("results_system", args=[made.pk, pk])).status_code == 404


def test_results_can_only_be_read(world: World, client: Client) -> None:
    """There is nothing to send to these pages."""
    made = release_for_good(world.round)
    as_(client, world.administrator)
    for url in (reverse("results"), *addresses(made, world.assessment).values()):
        assert client.post(url).status_code == 405


def test_the_list_asks_whoever_has_not_signed_in_unless_something_is_public(
    world: World, client: Client
) -> None:
    """Then it shows only that."""
    make_round(world.questionnaire, world.own, title="Inner round")
    inner = release_for_good(Round.objects.get(title="Inner round"))
    assert client.get(reverse("results")).status_code == 302
    Round.objects.filter(pk=world.round.pk).update(audience=Round.Audience.PUBLIC)
    made = release_for_good(Round.objects.get(pk=world.round.pk))
    page = body(client.get(reverse("results")))
    assert reverse("results_overview", args=[made.pk]) in page
    assert reverse("results_overview", args=[inner.pk]) not in page


def test_a_person_with_nothing_to_read_is_told_so(world: World, client: Client) -> None:
    """No error, no blank page."""
    assert "There are no results yet." in text_of(as_(client, world.lead).get(reverse("results")))


# What stands around the numbers


def test_the_source_is_on_every_page(world: World, client: Client) -> None:
    """Self-assessed, round, release, date, questionnaire."""
    submit_north(world)
    made = release_for_good(world.round)
    as_(client, world.lead)
    for name, url in addresses(made, world.assessment).items():
        if not name.endswith(".csv"):
            text = text_of(client.get(url))
            assert "Self-assessed by each system, not moderated. Spring round, published release 1 of" in text
            assert "Source: Small questionnaire 1.0." in text


def test_provisional_results_say_so_on_every_page_and_in_the_list(world: World, client: Client) -> None:
    """Not for publication."""
    submit_north(world)
    made = release(world.round)
    as_(client, world.lead)
    pages = [url for name, url in addresses(made, world.assessment).items() if not name.endswith(".csv")]
    for url in (*pages, reverse("results")):
        assert "Provisional, not for publication" in text_of(client.get(url))


def test_who_sees_one_system_has_none_to_order_or_to_choose_from(world: World, client: Client) -> None:
    """Before publication a lead sees their own system, and an analyst every one."""
    submit_north(world)
    overview = reverse("results_overview", args=[release(world.round).pk])

    seen = []
    for person in (world.lead, world.national_analyst):
        as_(client, person)
        page = client.get(overview)
        seen.append(("Your system" in text_of(page), "Order by" in text_of(page)))

    assert seen == [(True, False), (False, True)]


def test_made_up_data_says_so_on_every_page(world: World, client: Client) -> None:
    """The banner, and the source line."""
    Round.objects.update(synthetic=True)
    submit_north(world)
    made = release_for_good(Round.objects.get(pk=world.round.pk))
    as_(client, world.lead)
    for name, url in addresses(made, world.assessment).items():
        if not name.endswith(".csv"):
            text = text_of(client.get(url))
            assert "The data on this page is synthetic" in text
            assert "Synthetic data: no real system is described." in text


def test_an_old_release_stays_readable_and_points_to_the_new_one(world: World, client: Client) -> None:
    """With the note; the new one shows the note too."""
    submit_north(world)
    first = release_for_good(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    second = correct(by=None, round_id=world.round.pk, note="Ambleshire <signed> again.")
    as_(client, world.far_lead)
    old = client.get(reverse("results_system", args=[first.pk, world.assessment.pk]))
    assert "There is a newer release of this round: Published release 2 ." in text_of(old)
    assert "What changed in it: Ambleshire <signed> again." in text_of(old)
    assert reverse("results_overview", args=[second.pk]) in body(old)
    new = text_of(client.get(reverse("results_overview", args=[second.pk])))
    assert "What changed in this release: Ambleshire <signed> again." in new
    assert "There is a newer release" not in new


@pytest.mark.parametrize(
    ("query", "first", "said"),
    [
        ("", "Ambleshire", False),
        ("?sort=score&direction=descending", "Borderland", False),
        ("?sort=name&direction=descending", "Cliffshire", False),
        ("?sort=region&direction=ascending", "Ambleshire", False),
        ("?sort=evil", "Ambleshire", True),
        ("?sort=score&direction=sideways", "Ambleshire", True),
        ("?sort=%00%27--&direction[]=x", "Ambleshire", True),
        ("?sort=name&sort=score&direction=descending", "Borderland", False),
        ("?unknown=1", "Ambleshire", False),
    ],
)
def test_the_order_comes_from_the_address_and_nonsense_is_said_to_be_so(
    world: World, client: Client, query: str, first: str, said: bool
) -> None:
    """The page never fails over it."""
    submit_north(world)
    made = release_for_good(world.round)
    answer = as_(client, world.lead).get(reverse("results_dimension", args=[made.pk, "skills"]) + query)
    text = text_of(answer)
    assert answer.status_code == 200
    assert ("cannot be ordered in the way that was asked for" in text) is said
    names = re.findall(r'scope="row">\s*<a href="[^"]*">(\w+)</a>', body(answer))
    assert names[0] == first


def test_a_header_turns_its_own_order_round(world: World, client: Client) -> None:
    """Score, ascending; then descending."""
    made = release_for_good(world.round)
    page = as_(client, world.lead).get(reverse("results_dimension", args=[made.pk, "skills"]) + "?sort=score")
    bars = page.context["bars"]
    assert [
        (header.label, header.url, header.sort)
        for header in (bars.group_header, bars.name_header, bars.value_header, *bars.more_headers)
    ] == [
        ("Region", "?sort=region", ""),
        ("System", "?sort=name", ""),
        ("Score", "?sort=score&direction=descending", "ascending"),
        ("Questions answered", "", ""),
        ("Rank (range)", "", ""),
        ("To note", "", ""),
    ]


def test_a_download_is_streamed_under_a_name_that_says_what_it_is(world: World, client: Client) -> None:
    """Round, release, part and date."""
    submit_north(world)
    made = release_for_good(world.round)
    answer = as_(client, world.lead).get(reverse("results_scores_csv", args=[made.pk]))
    day = made.released_at.date().isoformat()
    assert (answer.streaming, answer["Content-Type"], answer["Content-Disposition"]) == (
        True,
        "text/csv; charset=utf-8",
        f'attachment; filename="spring-round-published-1-scores-{day}.csv"',
    )


def test_a_questionnaire_that_scores_nothing_has_pages_that_lead_to_its_answers(
    world: World, client: Client
) -> None:
    """No chart, no score, no error."""
    _, skills = SMALL_CONTENT.dimensions
    facts = replace(skills, sections=(skills.sections[1],), group="", gap_core=False)
    content = publish_content(
        key="facts", dimensions=(facts,), scale=None, groups=(), gap=None, overall=False
    )
    survey_round = make_round(content, world.own, title="Facts round")
    assessment = survey_round.assessments.get()
    submit(assessment, world.approver, {"analysts": Response(number=Decimal("12.5"))})
    made = release_for_good(survey_round)
    as_(client, world.sister_lead)
    where = addresses(made, assessment)
    pages = [url for name, url in where.items() if not name.startswith("dimension")]
    assert [client.get(url).status_code for url in pages] == [200] * 6
    assert client.get(where["dimension"]).status_code == 404
    assert "Skills Not scored. Each question shows how systems answered." in text_of(
        client.get(where["overview"])
    )
    assert where["answers"] in body(client.get(where["system"]))
    assert "How many analysts are there? 12.5 WTE" in text_of(client.get(where["answers"]))


# Size and speed


@pytest.mark.django_db
def test_a_country_of_systems_is_shown_in_few_queries_and_little_html(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """42 systems, 54 questions, an earlier round: at most 8 queries, and the overview under 40 kB."""
    before, analyst = make_country(title="Round before", synthetic=True)
    year = datetime.timedelta(days=365)
    Round.objects.filter(pk=before.pk).update(
        opens_at=before.opens_at - year, closes_at=before.closes_at - year
    )
    release_for_good(before)
    organisations = [row.organisation for row in Assessment.objects.filter(round=before).order_by("pk")]
    survey_round = make_round(before.questionnaire, *organisations, title="This round", synthetic=True)
    for row, earlier in zip(
        Assessment.objects.filter(round=survey_round).order_by("pk"),
        Assessment.objects.filter(round=before, status=Assessment.Status.SUBMITTED).order_by("pk"),
        strict=False,
    ):
        copy = earlier.submissions.get()
        copy.pk, copy.assessment = None, row
        copy.save()
    submitted = Assessment.objects.filter(round=survey_round, submissions__isnull=False)
    submitted.update(status=Assessment.Status.SUBMITTED)
    made = release_for_good(survey_round)

    as_(client, analyst)
    where = addresses(made, Assessment.objects.filter(round=survey_round).order_by("pk")[0])
    where["dimension"] = reverse("results_dimension", args=[made.pk, "data_infrastructure"])
    where["answers"] = where["answers"].replace("/skills/", "/data_infrastructure/")
    for name in ("overview", "dimension", "system", "answers"):
        client.get(where[name])  # what never changes is read once in the life of a process
        with django_assert_max_num_queries(8):
            page = client.get(where[name])
        assert page.status_code == 200
    overview = client.get(where["overview"])
    assert "40 of 42 systems submitted (95%)." in text_of(overview)
    assert len(gzip.compress(overview.content)) < 40_000
    assert overview.content.count(b'class="app-heat-table__link"') > 300
