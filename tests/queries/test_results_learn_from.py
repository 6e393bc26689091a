"""Who could help whom: a level or two above, and only with consent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from surveys.models import Person, Release, Round
from surveys.queries.results.learn_from import LearnFrom, about_choices, learn_from
from surveys.queries.results.released import NoSuchRelease, read
from surveys.questionnaires.responses import Response
from tests.factories import SMALL_CONTENT, make_person
from tests.points import POINTS_CONTENT
from tests.signed import levels, release, release_for_good, submit
from tests.world import World

OFFER = {"peer_offer": Response(text="Our tested pipelines.", consent=True)}
REFUSED = {"peer_offer": Response(text="Not for others.", consent=False)}
OWN = levels(linked_data=2, shared_platform=2, training=2, recruitment=2)
ABOVE = levels(linked_data=4, shared_platform=3, training=5, recruitment=5)


def published(world: World, *, far: dict[str, Response] | None = None) -> Release:
    """Own has 2 and 2; sister and far 3.5 and 5; sister offers, far as given."""
    submit(world.assessment, world.approver, OWN)
    submit(world.sister_assessment, world.sister_approver, {**ABOVE, **OFFER})
    submit(world.far_assessment, world.far_approver, {**ABOVE, **(far or REFUSED)})
    return release_for_good(world.round)


def found(person: Person, made: Release, about: str = "", system: int | None = None) -> LearnFrom:
    """What the page shows."""
    return learn_from(person, read(person, made.pk), about, system)


def test_a_system_above_that_agreed_is_named_with_its_words_and_its_leads(world: World) -> None:
    """3.5 is one and a half levels above 2, which rounds to two."""
    page = found(world.lead, published(world), "dimension-data_platform")
    (offer,) = page.offers
    assert (offer.system.name, offer.above_shown, offer.words) == (
        "Borderland",
        "+1.5",
        "Our tested pipelines.",
    )
    assert [(contact.name, contact.email) for contact in offer.contacts] == [
        ("Sandy Sister", "sandy.sister@survey.example")
    ]
    assert page.title == "1 system that could help Ambleshire stands above it on “Data platform”"
    assert page.silent == 1


def test_without_consent_nothing_is_shown(world: World) -> None:
    page = found(world.lead, published(world), "dimension-data_platform")
    assert "Cliffshire" not in {offer.system.name for offer in page.offers}
    assert "Not for others." not in repr(page.offers)


def test_three_levels_above_is_too_far(world: World) -> None:
    page = found(world.lead, published(world, far=OFFER), "dimension-skills")
    assert (page.offers, page.silent, page.chart) == ((), 0, None)
    assert page.title == "Nobody a level or two above Ambleshire offers to share on “Skills”"


def test_a_question_counts_in_whole_levels(world: World) -> None:
    page = found(world.lead, published(world, far=OFFER), "question-shared_platform")
    assert [(offer.system.name, offer.above) for offer in page.offers] == [
        ("Borderland", Decimal(1)),
        ("Cliffshire", Decimal(1)),
    ]
    assert page.axis.title == "Level, 1 (Ad hoc) to 5 (Leading)"


def test_the_chart_draws_the_system_and_those_that_could_help(world: World) -> None:
    page = found(world.lead, published(world), "dimension-data_platform")
    assert page.chart is not None
    assert page.chart.table.headers == ("About", "Ambleshire", "Borderland", "Median of all systems")
    assert page.chart.table.rows == (("Data platform", "2.0", "3.5", "3.5"),)


def test_programme_staff_see_where_offers_are_missing(world: World) -> None:
    """Below 3 is below the middle: own on both; sister alone offers."""
    page = found(world.national_analyst, published(world))
    assert page.centre is None
    assert [(row.name, row.below, row.offer, row.of) for row in page.balance] == [
        ("Data platform", 1, 1, 3),
        ("Skills", 1, 1, 3),
    ]
    assert page.title == "Fewest offers for those who could use them: “Data platform”, 1 system and 1 offer"
    assert page.balance_chart is not None
    assert page.balance_chart.table.rows[0] == ("Data platform", "1", "1", "3")


def test_a_lead_does_not_see_the_balance(world: World) -> None:
    page = found(world.lead, published(world))
    assert (page.balance, page.balance_chart) == ((), None)


def test_somebody_else_may_be_helped(world: World) -> None:
    made = published(world)
    page = found(world.national_analyst, made, "dimension-data_platform", world.assessment.pk)
    assert [offer.system.name for offer in page.offers] == ["Borderland"]


def test_a_system_without_a_score_is_told_so(world: World) -> None:
    submit(world.sister_assessment, world.sister_approver, {**ABOVE, **OFFER})
    page = found(world.lead, release_for_good(world.round))
    assert page.title == "Ambleshire has no score on “Data platform”"
    assert (page.sentences, page.offers) == ((), ())


def test_before_publication_nobody_elses_offer_is_seen(world: World) -> None:
    submit(world.assessment, world.approver, OWN)
    submit(world.sister_assessment, world.sister_approver, {**ABOVE, **OFFER})
    page = found(world.lead, release(world.round), "dimension-data_platform")
    assert (page.offers, page.silent) == ((), 0)


def test_whoever_has_no_role_is_told_of_no_release(world: World) -> None:
    """Consent was given to other systems, not to everybody."""
    Round.objects.update(audience=Round.Audience.PUBLIC)
    world.round.refresh_from_db()
    made = published(world)
    for person in (AnonymousUser(), make_person("Olive Outsider")):
        with pytest.raises(NoSuchRelease):
            learn_from(person, read(person, made.pk), "", None)


def test_what_help_can_be_about() -> None:
    assert [choice.code for choice in about_choices(SMALL_CONTENT)] == [
        "dimension-data_platform",
        "dimension-skills",
        "question-linked_data",
        "question-shared_platform",
        "question-training",
        "question-recruitment",
    ]
    assert [choice.code for choice in about_choices(POINTS_CONTENT)] == ["dimension-security"]


def test_help_can_be_looked_for_in_one_region(world: World) -> None:
    """Cliffshire is of the south; the sentences count there alone."""
    made = published(world, far=OFFER)
    south = learn_from(world.lead, read(world.lead, made.pk), "dimension-data_platform", None, "south")
    north = learn_from(world.lead, read(world.lead, made.pk), "dimension-data_platform", None, "north")
    assert [[offer.system.name for offer in page.offers] for page in (south, north)] == [
        ["Cliffshire"],
        ["Borderland"],
    ]
    assert south.title == "1 system in South that could help Ambleshire stands above it on “Data platform”"
    assert south.sentences[1] == "As far above in South, but without an offer: 0 systems."
