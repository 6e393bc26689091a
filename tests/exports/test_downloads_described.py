"""docs/data-dictionary.md says what every column of every download means, and cannot fall behind them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from surveys.actions.releases import correct
from surveys.urls import urlpatterns
from tests.actions.test_assessments import answer, give_back, send, sign
from tests.earlier import earlier_round
from tests.signed import levels, release_for_good, submit
from tests.views.signed_in import visit
from tests.world import World

PAGE = (Path(settings.BASE_DIR) / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
TO_BE_FILLED_IN = {"people_template_csv"}
"""What is described where the files that are brought in are."""

FILES = sorted(
    pattern.name or ""
    for pattern in urlpatterns
    if str(pattern.pattern).endswith(".csv") and pattern.name not in TO_BE_FILLED_IN
)
GIVEN = levels(linked_data=3, shared_platform=2, training=4, recruitment=1)


def described() -> set[str]:
    """Every name in the first column of the tables about downloads."""
    part = PAGE[PAGE.index("\n## Downloads\n") : PAGE.index("\n## The workbook of an assessment\n")]
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}


@pytest.fixture
def finished(world: World) -> World:
    """Three rounds with published results, the last corrected, and an assessment that was signed again."""
    given = {world.own: GIVEN, world.far: GIVEN}
    for years, title in ((2, "First round"), (1, "Second round")):
        release_for_good(earlier_round(world, given, title=title, years=years))
    answer(world)
    send(world)
    sign(world)
    give_back(world, world.administrator)
    send(world)
    sign(world)
    release_for_good(world.round)
    submit(world.assessment, world.approver, GIVEN)
    correct(by=None, round_id=world.round.pk, note="The answers were not complete.")
    return world


def header(world: World, name: str) -> list[str]:
    """The first row of a download, as an administrator gets it."""
    release = world.round.releases.order_by("pk").last()
    keys = {
        "assessment_id": world.assessment.pk,
        "release_id": release.pk if release else 0,
        "round_id": world.round.pk,
        "dimension_code": "data_platform",
        "question_code": "linked_data",
    }
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    wanted = {key: keys[key] for key in pattern.pattern.regex.groupindex}
    response = visit(world.administrator, reverse(name, kwargs=wanted))
    assert response.status_code == 200, name
    columns = next(csv.reader(io.StringIO(response.getvalue().decode())))
    # The control room has two columns for each dimension of the questionnaire.
    return [re.sub("^(data_platform|skills)_(?=answered|asked)", "DIMENSION_", column) for column in columns]


def test_every_column_is_described_and_nothing_else_is(finished: World) -> None:
    columns = {name: header(finished, name) for name in FILES}
    assert {name: sorted(set(of_it) - described()) for name, of_it in columns.items()} == {
        name: [] for name in FILES
    }
    assert described() - {column for of_it in columns.values() for column in of_it} == set()
