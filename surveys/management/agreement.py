"""Whether a round says the same everywhere: on pages, in files, in what is stored, and counted anew.

Pages and files are read as somebody reads them who is signed in, by their addresses.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.urls import reverse

from surveys.analysis.rounding import half_up
from surveys.management.page_tables import tables
from surveys.models import Assessment, Release, Round, Submission
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.recount import PLACES, Recount, recount, statuses, told

Read = Callable[[str], str]
"""What is at an address."""

SPREAD: Final = ("minimum", "p10", "q1", "median", "q3", "p90", "maximum")
NO_SCORE: Final = "no score"


@dataclass(frozen=True)
class Figure:
    """One figure as PostgreSQL counts it, `counted`, and as it stands in one place, `found`."""

    place: str
    name: str
    counted: str
    found: str

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.counted == self.found

    def __str__(self) -> str:
        return f"{self.name}: {self.found} in {self.place}, but counted {self.counted}"


def figures(survey_round: Round, releases: Sequence[Release], read: Read) -> Iterator[Figure]:
    """Yield every figure that is compared: of each of the releases, and of the round itself."""
    asked_by = instrument(survey_round.questionnaire_id)
    systems = Assessment.objects.filter(round=survey_round).taking_part().count()
    for release in releases:
        counted = recount(release.pk, asked_by.content.minimum_share)
        yield from _of_scores(release, asked_by, counted, read)
        yield from _of_spreads(release, asked_by, counted, systems, read)
        yield from _of_levels(release, asked_by, counted, read)
    yield from _of_submissions(survey_round, read)
    yield from _of_the_round(survey_round, read)


def _of_scores(release: Release, asked_by: Instrument, counted: Recount, read: Read) -> Iterator[Figure]:
    stored = {key: _exact(score) for key, score in counted.stored.items()}
    file = {
        (row["ods_code"], row["code"]): _exact(Decimal(row["score"]) if row["score"] else None)
        for row in _csv(read(reverse("results_scores_csv", args=[release.pk])))
        if row["measure"] == "dimension" and row["status"] != "not submitted"
    }
    page = _heat_cells(release, asked_by, read(reverse("results_overview", args=[release.pk])))
    for (system, code), score in counted.scores.items():
        name = f"{release}, {system}, {code}"
        key = (system, code)
        yield Figure("the table of results", name, _exact(score), stored.get(key, "nothing"))
        yield Figure("scores.csv", name, _exact(score), file.get(key, "nothing"))
        yield Figure("the overview", name, _shown(score), page.get(key, "nothing"))
    for place, found in (("the table of results", stored), ("scores.csv", file), ("the overview", page)):
        yield Figure(place, f"{release}, scores", str(len(counted.scores)), str(len(found)))


def _heat_cells(release: Release, asked_by: Instrument, page: str) -> dict[tuple[str, str], str]:
    """Return what the cells of the table of every system show, by system and dimension."""
    codes = {
        row.organisation_name: row.ods_code for row in Assessment.objects.filter(round_id=release.round_id)
    }
    named = {dimension.name: dimension.code for dimension in asked_by.content.dimensions}
    found = {}
    heading, *rows = tables(page)["scores-caption"]
    for row in rows:
        for column, cell in zip(heading, row, strict=False):
            label, colon, value = cell.partition(": ")
            system = label.removesuffix(f", {column}")
            if colon and column in named and system in codes:
                shown = value.partition("*")[0]
                withheld = shown.startswith("withheld")
                found[codes[system], named[column]] = NO_SCORE if withheld else shown
    return found


def _of_spreads(
    release: Release, asked_by: Instrument, counted: Recount, systems: int, read: Read
) -> Iterator[Figure]:
    file = {
        row["code"]: row
        for row in _csv(read(reverse("results_overview_csv", args=[release.pk])))
        if row["measure"] == "dimension"
    }
    _, *rows = tables(read(reverse("results_overview", args=[release.pk])))["dimensions-caption"]
    page = {row[0]: row for row in rows}
    for dimension in asked_by.content.dimensions:
        spread = counted.spreads.get(dimension.code)
        if spread is None:
            continue
        name, line = f"{release}, {dimension.code}", file[dimension.code]
        yield Figure("overview.csv", f"{name}, n", str(spread["n"]), line["systems_with_a_score"])
        yield Figure("overview.csv", f"{name}, of", str(systems), line["systems"])
        for figure in SPREAD:
            found = _exact(Decimal(line[figure]))
            yield Figure("overview.csv", f"{name}, {figure}", _exact(spread[figure]), found)
        shown = (
            f"{spread['n']} of {systems}",
            _shown(spread["median"]),
            f"{_shown(spread['q1'])} to {_shown(spread['q3'])}",
            _shown(spread["q3"] - spread["q1"]),
            f"{_shown(spread['p10'])} to {_shown(spread['p90'])}",
            _shown(spread["p90"] - spread["p10"]),
            f"{_shown(spread['minimum'])} to {_shown(spread['maximum'])}",
        )
        for words, found in zip(shown, page[dimension.name][1:], strict=False):
            yield Figure("the overview", name, words, found)


def _of_levels(release: Release, asked_by: Instrument, counted: Recount, read: Read) -> Iterator[Figure]:
    for dimension in asked_by.content.dimensions:
        address = reverse("results_dimension", args=[release.pk, dimension.code])
        page = {row[0]: row for row in tables(read(address)).get("questions-caption", [])}
        for question in dimension.all_questions:
            if question.scored:
                levels = counted.levels.get(question.code, {})
                expected = ", ".join(str(levels.get(level.value, 0)) for level in question.levels)
                items = page[question.text][1].split(";") if question.text in page else []
                found = ", ".join(item.rpartition(": ")[2] for item in items if item)
                name = f"{release}, {question.code}, systems at each level"
                yield Figure(f"the page of {dimension.code}", name, expected, found)


def _of_submissions(survey_round: Round, read: Read) -> Iterator[Figure]:
    copies = Submission.objects.filter(assessment__round=survey_round).select_related("assessment")
    for copy in copies.order_by("assessment_id", "number"):
        content = read(reverse("submission_json", args=[copy.assessment_id, copy.number]))
        found = hashlib.sha256(content.encode()).hexdigest()
        name = f"SHA-256 of submission {copy.number} of {copy.assessment.organisation_name}"
        yield Figure("the file of the submission", name, copy.sha256, found)


def _of_the_round(survey_round: Round, read: Read) -> Iterator[Figure]:
    file = {
        row["ods_code"]: row["status"]
        for row in _csv(read(reverse("control_room_csv", args=[survey_round.pk])))
    }
    for system, status in statuses(survey_round.pk).items():
        label = str(Assessment.Status(status).label)
        yield Figure("control-room.csv", f"status of {system}", label, file.get(system, "nothing"))
    for verb, (rows, events) in told(survey_round.pk).items():
        yield Figure("the audit trail", f"events {verb}", str(rows), str(events))


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def _exact(score: Decimal | None) -> str:
    return NO_SCORE if score is None else str(round(score, PLACES).normalize())


def _shown(score: Decimal | None) -> str:
    return NO_SCORE if score is None else str(half_up(score, 1))
