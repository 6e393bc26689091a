"""Downloads hold the frozen rows to the last digit, and every row says where it is from."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from django.utils import timezone

from surveys.exports.csv_text import CsvFile
from surveys.exports.results import dimension_csv, overview_csv, scores_csv, system_csv
from surveys.models import Assessment, Release, Result
from surveys.queries.results.dimension import dimension_results
from surveys.queries.results.overview import overview
from surveys.queries.results.profile import profile
from surveys.queries.results.released import read
from tests.factories import make_round, make_system
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World


def records(file: CsvFile) -> list[dict[str, str]]:
    """The rows of a file by the names of its columns, as a program reads them."""
    return list(csv.DictReader(io.StringIO("".join(file.lines()), newline="")))


def published(world: World) -> Release:
    """Own, with a score of a third, and sister have submitted."""
    submit(
        world.assessment, world.approver, levels(linked_data=4, shared_platform=3, training=2, recruitment=3)
    )
    submit(world.sister_assessment, world.sister_approver, levels(linked_data=2, training=5, recruitment=4))
    return release_for_good(world.round)


def test_every_score_in_the_file_is_its_frozen_row(world: World) -> None:
    """Score and counts, row by row."""
    made = published(world)
    assessments = {row.ods_code: row.pk for row in Assessment.objects.filter(round=world.round)}
    held = {
        (assessments[row["ods_code"]], row["measure"], row["code"]): (
            row["score"],
            row["answered"],
            row["asked"],
            row["status"],
        )
        for row in records(scores_csv(read(world.lead, made.pk)))
        if row["status"] != "not submitted"
    }
    frozen = {
        (row.assessment_id, row.measure, row.code): (
            "" if row.score is None else str(row.score),
            str(row.answered),
            str(row.asked),
            "withheld" if row.withheld else "scored",
        )
        for row in Result.objects.filter(release=made)
    }
    assert held == frozen


def test_systems_that_did_not_submit_are_in_the_file_and_say_so(world: World) -> None:
    """A file without them would look like a country without them."""
    made = published(world)
    found = [row for row in records(scores_csv(read(world.lead, made.pk))) if row["system"] == "Cliffshire"]
    assert {(row["status"], row["score"], row["asked"]) for row in found} == {("not submitted", "", "")}


def test_every_row_says_where_it_is_from(world: World) -> None:
    """Round, release, when, source, and whether the data is made up."""
    made = published(world)
    reader = world.lead
    for file in (
        overview_csv(overview(reader, made.pk)),
        dimension_csv(dimension_results(reader, made.pk, "skills")),
        system_csv(profile(reader, made.pk, world.assessment.pk)),
        scores_csv(read(reader, made.pk)),
    ):
        rows = records(file)
        assert rows != []
        origins = {(row["round"], row["release"], row["released_at"], row["synthetic"]) for row in rows}
        when = timezone.localtime(made.released_at).isoformat(timespec="seconds")
        assert origins == {("Spring round", "Published release 1", when, "no")}
        assert {row["source"] for row in rows} == {read(reader, made.pk).head.source}


def test_made_up_data_says_so_in_every_row_and_in_the_name_of_the_file(world: World) -> None:
    """And what is provisional does too."""
    survey_round = make_round(world.questionnaire, world.own, title="Demonstration", synthetic=True)
    made = release(survey_round)
    file = scores_csv(read(world.administrator, made.pk))
    day = timezone.localtime(made.released_at).date().isoformat()
    assert file.name == f"synthetic-demonstration-provisional-1-scores-{day}.csv"
    rows = records(file)
    assert {row["synthetic"] for row in rows} == {"yes"}
    (source,) = {row["source"] for row in rows}
    assert source.endswith(
        "Source: Small questionnaire 1.0. Provisional, not for publication. "
        "Synthetic data: no real system is described."
    )


def test_the_overview_file_has_the_statistics_unrounded(world: World) -> None:
    """The page shows one decimal place of the same numbers."""
    made = published(world)
    page = overview(world.lead, made.pk)
    rows = {(row["measure"], row["code"]): row for row in records(overview_csv(page))}
    for summary in [*(line.summary for line in page.dimensions), *page.combined]:
        row = rows[summary.name.measure, summary.name.code]
        assert summary.spread is not None
        assert (Decimal(row["median"]), Decimal(row["iqr"]), Decimal(row["p90_minus_p10"])) == (
            summary.spread.median,
            summary.spread.iqr,
            summary.spread.p90_p10,
        )
        assert (row["systems_with_a_score"], row["systems"]) == (str(summary.spread.n), "3")
    assert rows["dimension", "skills"]["questions_with_agreement"] == "2"
    assert rows["overall", ""]["agreement_in_words"] == ""


def test_the_overview_file_of_a_round_without_submissions_has_its_rows(world: World) -> None:
    """With nought systems of three, and nothing made up."""
    made = release_for_good(world.round)
    rows = records(overview_csv(overview(world.lead, made.pk)))
    assert [
        (row["code"], row["systems_with_a_score"], row["systems"], row["median"]) for row in rows[:2]
    ] == [
        ("data_platform", "0", "3", ""),
        ("skills", "0", "3", ""),
    ]


RANK = ("system", "score", "rank", "rank_shared", "rank_best", "rank_worst")


def test_the_dimension_file_gives_a_rank_only_with_its_range(world: World) -> None:
    """Both, or neither."""
    made = published(world)
    rows = records(dimension_csv(dimension_results(world.lead, made.pk, "skills")))
    assert [tuple(row[name] for name in RANK) for row in rows] == [
        ("Ambleshire", "2.5000", "2", "no", "2", "2"),
        ("Borderland", "4.5000", "1", "no", "1", "1"),
        ("Cliffshire", "", "", "", "", ""),
    ]


def test_a_shared_rank_in_the_dimension_file_is_still_a_number(world: World) -> None:
    """An equals sign in front of it, as on the page, would need a mark against formulas in front of that."""
    submit(world.assessment, world.approver, levels(training=2, recruitment=3))
    submit(world.sister_assessment, world.sister_approver, levels(training=2, recruitment=3))
    made = release_for_good(world.round)
    rows = records(dimension_csv(dimension_results(world.lead, made.pk, "skills")))
    assert [tuple(row[name] for name in RANK) for row in rows] == [
        ("Ambleshire", "2.5000", "1", "yes", "1", "1"),
        ("Borderland", "2.5000", "1", "yes", "1", "1"),
        ("Cliffshire", "", "", "", "", ""),
    ]


def test_the_file_of_a_system_has_its_change_on_comparable_questions(world: World) -> None:
    """Named by the earlier round."""
    before = make_round(
        world.questionnaire,
        world.own,
        title="Autumn round",
        opens_at=world.round.opens_at.replace(year=world.round.opens_at.year - 1),
        closes_at=world.round.closes_at.replace(year=world.round.closes_at.year - 1),
    )
    submit(before.assessments.get(), world.approver, levels(training=2, recruitment=2))
    release_for_good(before)
    made = published(world)
    rows = {
        (row["measure"], row["code"]): row
        for row in records(system_csv(profile(world.lead, made.pk, world.assessment.pk)))
    }
    skills = rows["dimension", "skills"]
    assert (skills["earlier_round"], skills["change"], skills["comparable_questions"]) == (
        "Autumn round",
        "0.5000",
        "2",
    )
    assert Decimal(skills["median"]) == Decimal(skills["region_median"]) == Decimal("3.5")
    assert skills["region_systems_with_a_score"] == "2"
    assert rows["gap", ""]["score"] == "1.0000"
    assert rows["overall", ""]["earlier_round"] == ""


def test_before_publication_a_file_holds_no_more_than_the_page(world: World) -> None:
    """The lead's own rows, without a figure worked out from others."""
    submit_north(world)
    made = release(world.round)
    assert {row["system"] for row in records(scores_csv(read(world.lead, made.pk)))} == {"Ambleshire"}
    assert records(overview_csv(overview(world.lead, made.pk))) == []
    (row,) = records(dimension_csv(dimension_results(world.lead, made.pk, "skills")))
    assert (row["system"], row["score"], row["rank"]) == ("Ambleshire", "2.5000", "")
    rows = records(system_csv(profile(world.lead, made.pk, world.assessment.pk)))
    assert {(row["median"], row["systems"], row["region_median"]) for row in rows} == {("", "", "")}


def test_a_name_that_looks_like_a_formula_does_not_run(world: World) -> None:
    """Names come from people."""
    shire = make_system(world.north, "=HYPERLINK(0)")
    survey_round = make_round(world.questionnaire, shire, title="+Formula round")
    submit(survey_round.assessments.get(), world.approver, levels(training=1, recruitment=2))
    made = release_for_good(survey_round)
    row = records(dimension_csv(dimension_results(world.lead, made.pk, "skills")))[0]
    assert (row["system"], row["round"], row["score"]) == ("'=HYPERLINK(0)", "'+Formula round", "1.5000")
