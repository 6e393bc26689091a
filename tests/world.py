"""A small country for tests: two regions, three systems, somebody in every role and an open round."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from surveys.models import Assessment, Organisation, Person, Questionnaire, Round
from tests.factories import (
    assign_section,
    make_nation,
    make_person,
    make_region,
    make_round,
    make_system,
    publish_content,
)


@dataclass(frozen=True)
class World:
    """`own` and `sister` are systems of `north`; `far` is the system of `south`.

    The contributor, lead and approver belong to `own`; the sister's and the far system's people have their
    own names. `contributor` has the section `data_platform` and not `skills`. `newcomer` has no membership.
    """

    nation: Organisation
    north: Organisation
    south: Organisation
    own: Organisation
    sister: Organisation
    far: Organisation
    contributor: Person
    lead: Person
    approver: Person
    sister_lead: Person
    sister_approver: Person
    far_lead: Person
    far_approver: Person
    regional_analyst: Person
    far_regional_analyst: Person
    national_analyst: Person
    administrator: Person
    newcomer: Person
    questionnaire: Questionnaire
    round: Round
    assessment: Assessment
    sister_assessment: Assessment
    far_assessment: Assessment


def build_world() -> World:
    """Write the country into the database."""
    nation = make_nation("England")
    north, south = make_region(nation, "North"), make_region(nation, "South")
    own, sister = make_system(north, "Ambleshire"), make_system(north, "Borderland")
    far = make_system(south, "Cliffshire")
    questionnaire = publish_content()
    survey_round = make_round(questionnaire, own, sister, far)
    assessments = {row.organisation_id: row for row in Assessment.objects.filter(round=survey_round)}
    lead = make_person("Lena Lead", role="lead", organisation=own)
    contributor = make_person("Connie Contributor", role="contributor", organisation=own)
    assign_section(assessments[own.pk], "data_platform", contributor, by=lead)
    return World(
        nation=nation,
        north=north,
        south=south,
        own=own,
        sister=sister,
        far=far,
        contributor=contributor,
        lead=lead,
        approver=make_person("April Approver", role="approver", organisation=own),
        sister_lead=make_person("Sandy Sister", role="lead", organisation=sister),
        sister_approver=make_person("Saul Sister", role="approver", organisation=sister),
        far_lead=make_person("Farah Far", role="lead", organisation=far),
        far_approver=make_person("Finn Far", role="approver", organisation=far),
        regional_analyst=make_person("Reggie Region", role="regional_analyst", organisation=north),
        far_regional_analyst=make_person("Rosa Region", role="regional_analyst", organisation=south),
        national_analyst=make_person("Nadia Nation", role="national_analyst", organisation=nation),
        administrator=make_person("Ada Administrator", role="administrator", organisation=nation),
        newcomer=make_person("Nell Newcomer"),
        questionnaire=questionnaire,
        round=survey_round,
        assessment=assessments[own.pk],
        sister_assessment=assessments[sister.pk],
        far_assessment=assessments[far.pk],
    )


@pytest.fixture
def world(db: None) -> World:
    """The country, with an open round."""
    return build_world()
