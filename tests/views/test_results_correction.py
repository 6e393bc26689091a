"""What a correction changed: every figure that differs, and none that does not."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from surveys.actions.releases import correct, release_provisionally
from surveys.models import Assessment, Release
from surveys.questionnaires.responses import Response
from tests.pages import as_, text_of
from tests.signed import levels, release, release_for_good, submit
from tests.world import World

HIGH = levels(linked_data=4, shared_platform=3, training=2, recruitment=3)
LOW = levels(linked_data=2, shared_platform=2, training=4, recruitment=3)


@pytest.fixture
def corrected(world: World) -> Release:
    """Own signs again with a higher level, sister responds late, far stays as it was."""
    submit(world.assessment, world.approver, HIGH)
    submit(world.far_assessment, world.far_approver, LOW)
    release_for_good(world.round)
    submit(world.assessment, world.approver, {**HIGH, **levels(linked_data=5)})
    submit(world.sister_assessment, world.sister_approver, levels(training=1, recruitment=2))
    return correct(by=None, round_id=world.round.pk, note="One was mistyped and one came late.")


def address(made: Release, name: str = "results_correction") -> str:
    return reverse(name, args=[made.pk])


def rows(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_every_figure_that_changed_is_there_and_no_other(
    world: World, corrected: Release, client: Client
) -> None:
    text = text_of(as_(client, world.national_analyst).get(address(corrected)))
    assert "differ from published release 1" in text
    assert "What changed in this release: One was mistyped and one came late." in text
    assert "With results for the first time: Borderland." in text
    assert "Without results now" not in text
    assert "Ambleshire Measure Data platform Published release 1 3.5, 2 of 2 answered" in text
    assert "Published release 2 4.0, 2 of 2 answered" in text
    assert "Borderland Measure Skills Published release 1 Not submitted Published release 2 1.5" in text
    assert "Cliffshire" not in text
    assert "Ambleshire Measure Skills" not in text
    assert "Skills Published release 1 2 of 3 3.0" in text


def test_the_file_has_the_same_lines(world: World, corrected: Release, client: Client) -> None:
    page = as_(client, world.national_analyst).get(address(corrected))
    found = rows(client.get(address(corrected, "results_correction_csv")))
    shown = [(line.system.name, line.name.name) for line in page.context["page"].scores]
    assert [(row["system"], row["name"]) for row in found] == shown
    (own,) = [row for row in found if (row["system"], row["code"]) == ("Ambleshire", "data_platform")]
    assert (own["score_before"], own["score"]) == ("3.5000", "4.0000")
    (late,) = [row for row in found if (row["system"], row["code"]) == ("Borderland", "skills")]
    assert (late["status_before"], late["score_before"], late["status"]) == ("not submitted", "", "scored")
    assert {row["release_before"] for row in found} == {"Published release 1"}


def test_the_first_release_changed_nothing(world: World, client: Client) -> None:
    submit(world.assessment, world.approver, HIGH)
    made = release_for_good(world.round)
    assert "There is no release before it" in text_of(as_(client, world.lead).get(address(made)))
    assert client.get(address(made, "results_correction_csv")).status_code == 404


def test_a_correction_of_words_alone_changes_no_score(world: World, client: Client) -> None:
    submit(world.assessment, world.approver, HIGH)
    release_for_good(world.round)
    commented = {**HIGH, "linked_data": Response(level=4, comment="In two places.")}
    submit(world.assessment, world.approver, commented)
    made = correct(by=None, round_id=world.round.pk, note="A comment was missing.")
    assert "No score differs from published release 1" in text_of(as_(client, world.lead).get(address(made)))
    assert rows(client.get(address(made, "results_correction_csv"))) == []


def test_a_system_that_was_asked_to_sign_again_leaves(world: World, client: Client) -> None:
    submit(world.assessment, world.approver, HIGH)
    submit(world.far_assessment, world.far_approver, LOW)
    release_for_good(world.round)
    Assessment.objects.filter(pk=world.far_assessment.pk).update(
        status=Assessment.Status.RETURNED,
        returned_at=timezone.now(),
        returned_by=world.administrator,
        return_reason="Sign it again.",
    )
    made = correct(by=None, round_id=world.round.pk, note="One is withdrawn by its system.")
    text = text_of(as_(client, world.lead).get(address(made)))
    assert "Without results now: Cliffshire." in text
    assert "Published release 2 Not submitted" in text


def test_a_lead_sees_only_what_changed_in_their_own_provisional_results(world: World, client: Client) -> None:
    submit(world.assessment, world.approver, HIGH)
    submit(world.far_assessment, world.far_approver, LOW)
    release(world.round)
    submit(world.assessment, world.approver, {**HIGH, **levels(linked_data=5)})
    submit(world.far_assessment, world.far_approver, {**LOW, **levels(linked_data=5)})
    made = release_provisionally(by=None, round_id=world.round.pk)
    text = text_of(as_(client, world.lead).get(address(made)))
    assert "Ambleshire Measure Data platform" in text
    assert "Cliffshire" not in text
    assert "Figures of all systems that changed" not in text
    assert {row["system"] for row in rows(client.get(address(made, "results_correction_csv")))} == {
        "Ambleshire"
    }


def test_it_takes_few_queries(
    world: World, corrected: Release, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    as_(client, world.national_analyst).get(address(corrected))
    with django_assert_max_num_queries(8):
        client.get(address(corrected))
