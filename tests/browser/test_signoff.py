"""The approver reads each dimension of our questionnaire on one screen, before signing."""

from __future__ import annotations

from pathlib import Path

import surveys.questionnaires
from surveys.actions.assessments import send_for_signoff
from surveys.actions.demonstration.answering import Respondent
from surveys.actions.questionnaires import publish
from surveys.models import Assessment
from surveys.questionnaires.loading import load
from tests.browser.conftest import HEIGHTS, WIDE, OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.earlier import earlier_round
from tests.factories import make_answer, make_round
from tests.world import World, build_world

OURS = Path(surveys.questionnaires.__file__).parent / "content" / "ics-data-maturity-1.0.yaml"


def test_each_dimension_fits_on_a_screen(site: str, open_page: OpenPage) -> None:
    world = build_world()
    assessment = _answered(world)
    page = open_page(world.approver)

    page.goto(f"/assessments/{assessment.pk}/sign-off/")

    heights = {
        section.get_attribute("aria-labelledby"): section.bounding_box()
        for section in page.locator("section.app-signoff").all()
    }
    assert len(heights) == 9
    assert {name: box for name, box in heights.items() if not box or box["height"] > HEIGHTS[WIDE]} == {}
    axe_clean(page)
    fits_across(page)


def test_the_table_of_scores_leads_to_a_dimension_and_back(site: str, open_page: OpenPage) -> None:
    world = build_world()
    page = open_page(world.approver)
    page.goto(f"/assessments/{_answered(world).pk}/sign-off/")

    page.get_by_role("link", name="Data workforce and skills", exact=True).click()
    section = page.get_by_role("region", name="Data workforce and skills")
    assert 0 <= (section.bounding_box() or {"y": -1})["y"] < 10
    section.get_by_role("link", name="Back to the scores").click()

    assert page.url.endswith("/sign-off/#scores")


def _answered(world: World) -> Assessment:
    """The own system's assessment with our questionnaire, sent for sign-off, and the round before it."""
    content = load(OURS)
    questionnaire = publish(by=None, content=content).questionnaire
    then, now = (Respondent("Ambleshire", number, content).answers() for number in (0, 1))
    earlier_round(world, {world.own: then}, questionnaire=questionnaire)
    survey_round = make_round(questionnaire, world.own, title="Our round")
    assessment = Assessment.objects.get(round=survey_round)
    for code, response in now.items():
        make_answer(assessment, code, world.lead, response)
    Assessment.objects.filter(pk=assessment.pk).update(status=Assessment.Status.IN_PROGRESS)
    send_for_signoff(by=world.lead, assessment_id=assessment.pk)
    return assessment
