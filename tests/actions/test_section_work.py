"""Who works on a section now, and for how long it has been worked on: only as much as the product needs."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.http import Http404
from django.utils import timezone

from surveys.actions.section_work import note_work
from surveys.models import Assessment, Person, Presence, Round, WorkSpell
from surveys.queries.assessments import assessment_state
from surveys.queries.instruments import instrument_of
from surveys.queries.section_work import minutes_taken, present_in_words
from tests.world import World


def work(world: World, person: Person, assessment: Assessment | None = None) -> tuple[str, ...]:
    state = assessment_state(person, (assessment or world.assessment).pk)
    return note_work(by=person, state=state, dimension_code="data_platform")


def earlier(minutes: float) -> None:
    """Let everything that was noted have happened that many minutes before."""
    ago = datetime.timedelta(minutes=minutes)
    for row in Presence.objects.all():
        Presence.objects.filter(pk=row.pk).update(seen_at=row.seen_at - ago)
    for spell in WorkSpell.objects.all():
        WorkSpell.objects.filter(pk=spell.pk).update(
            started_at=spell.started_at - ago, ended_at=spell.ended_at - ago
        )


def taken(world: World) -> dict[str, int]:
    return minutes_taken(world.assessment.pk, instrument_of(world.assessment.pk))


def test_colleagues_see_each_other_and_nobody_of_another_system(world: World) -> None:
    assert work(world, world.lead) == ()
    assert work(world, world.contributor) == ("Lena Lead",)
    assert work(world, world.lead) == ("Connie Contributor",)
    assert work(world, world.sister_lead, world.sister_assessment) == ()


def test_two_minutes_after_the_last_sign_somebody_is_gone_and_forgotten(world: World) -> None:
    work(world, world.lead)
    earlier(1.9)
    assert work(world, world.contributor) == ("Lena Lead",)
    earlier(0.2)

    assert work(world, world.contributor) == ()
    assert list(Presence.objects.values_list("person__name", flat=True)) == ["Connie Contributor"]


def test_a_gap_of_more_than_ten_minutes_ends_a_spell(world: World) -> None:
    work(world, world.lead)
    earlier(9)
    work(world, world.contributor)
    earlier(9)
    work(world, world.lead)
    earlier(11)
    work(world, world.lead)
    earlier(4)
    work(world, world.lead)

    assert WorkSpell.objects.count() == 2
    assert taken(world) == {"data_platform": 18 + 4}


def test_spells_that_overlap_count_once(world: World) -> None:
    start = timezone.now()
    dimension_id = instrument_of(world.assessment.pk).dimension_ids["skills"]
    for begin, end in ((0, 10), (5, 15), (6, 7), (30, 31)):
        WorkSpell.objects.create(
            assessment=world.assessment,
            dimension_id=dimension_id,
            started_at=start + datetime.timedelta(minutes=begin),
            ended_at=start + datetime.timedelta(minutes=end),
        )

    assert taken(world) == {"skills": 16}


def test_a_spell_does_not_say_who(world: World) -> None:
    assert [field.name for field in WorkSpell._meta.fields] == [
        "id",
        "assessment",
        "dimension",
        "started_at",
        "ended_at",
    ]


@pytest.mark.parametrize("who", ["approver", "regional_analyst", "administrator"])
def test_whoever_only_reads_is_not_noted(world: World, who: str) -> None:
    with pytest.raises(Http404):
        work(world, getattr(world, who))
    assert (Presence.objects.count(), WorkSpell.objects.count()) == (0, 0)


def test_nothing_is_noted_when_nothing_can_be_answered(world: World) -> None:
    Round.objects.update(status=Round.Status.CLOSED)

    with pytest.raises(Http404):
        work(world, world.lead)
    assert (Presence.objects.count(), WorkSpell.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("Lena Lead",), "Lena Lead is working in this section now."),
        (("Al", "Bo"), "Al and Bo are working in this section now."),
        (("Al", "Bo", "Cy"), "Al, Bo and Cy are working in this section now."),
    ],
)
def test_presence_reads_as_a_sentence(names: tuple[str, ...], words: str) -> None:
    assert present_in_words(names) == words


def test_what_is_noted_beside_other_changes_leaves_them_as_safe_as_they_were(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO 'on'")
        work(world, world.lead)
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
    assert Presence.objects.count() == WorkSpell.objects.count() == 1
