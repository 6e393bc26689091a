"""The pages of rounds: who sees them, what they say, and that nothing typed is lost."""

from __future__ import annotations

import csv
import datetime
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.actions.extensions import extend
from surveys.actions.questionnaire_drafts import discard_draft, keep_draft
from surveys.actions.rounds import close_round, open_round
from surveys.models import (
    Affiliation,
    Assessment,
    Event,
    Extension,
    Membership,
    Organisation,
    OrganisationName,
    Participant,
    Questionnaire,
    Round,
)
from surveys.questionnaires.responses import Response
from tests.factories import make_answer, make_nation, make_person, make_round, publish_content
from tests.pages import as_, text_of
from tests.world import World

Status = Round.Status
DAY = datetime.timedelta(days=1)


def draft(world: World, *systems: Organisation, **fields: Any) -> Round:
    """A draft round with these participants."""
    return make_round(world.questionnaire, *systems, title="Autumn round", status=Status.DRAFT, **fields)


def moment(name: str, at: datetime.datetime | datetime.date) -> dict[str, str]:
    """A day, or a moment, as a browser sends it."""
    parts = {f"{name}_day": str(at.day), f"{name}_month": str(at.month), f"{name}_year": str(at.year)}
    return parts | ({f"{name}_time": f"{at:%H:%M}"} if isinstance(at, datetime.datetime) else {})


def posted(questionnaire: Questionnaire, /, **changes: str) -> dict[str, str]:
    """A form that makes a round, as a browser sends it."""
    year = timezone.localdate().year + 1
    return {
        "title": "Autumn round",
        "questionnaire": str(questionnaire.pk),
        **moment("opens_at", datetime.datetime(year, 9, 1, 9, 0)),  # noqa: DTZ001 - as it is typed
        **moment("closes_at", datetime.datetime(year, 9, 30, 17, 0)),  # noqa: DTZ001 - as it is typed
        **moment("reference_date", datetime.date(year, 3, 31)),
        **moment("participants_as_at", timezone.localdate()),
        "audience": "public",
        "purpose": "To see where help is needed.",
        "declaration": "I confirm.",
        **changes,
    }


# Who sees what


def pages(world: World, given: Round) -> list[str]:
    """Every page that only administrators have, for an open round and for a draft one."""
    names = ["edit", "participants", "open", "close", "reopen"]
    return [
        "/rounds/new/",
        f"/rounds/{given.pk}/",
        *(f"/rounds/{pk}/{name}/" for pk in (given.pk, world.round.pk) for name in names),
        f"/assessments/{world.assessment.pk}/extend/",
    ]


def test_an_administrator_gets_every_page(client: Client, world: World) -> None:
    paths = pages(world, draft(world, world.own))
    as_(client, world.administrator)
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize(
    "who", ["lead", "contributor", "approver", "far_lead", "regional_analyst", "national_analyst", "newcomer"]
)
def test_for_everybody_else_these_pages_are_not_there(client: Client, world: World, who: str) -> None:
    given = draft(world, world.own)
    paths = pages(world, given)
    as_(client, getattr(world, who))
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    writing = [path for path in paths if path != f"/rounds/{given.pk}/"]
    assert {path: client.post(path).status_code for path in writing} == dict.fromkeys(writing, 404)
    given.refresh_from_db()
    assert (given.status, Round.objects.count()) == (Status.DRAFT, 2)


def test_whoever_has_not_signed_in_is_asked_to(client: Client, world: World) -> None:
    for path in [*pages(world, draft(world, world.own)), "/rounds/", f"/rounds/{world.round.pk}/"]:
        assertRedirects(client.get(path), f"/sign-in/?next={path}", fetch_redirect_response=False)


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_what_is_not_there_is_not_found(client: Client, world: World, number: str) -> None:
    as_(client, world.administrator)
    paths = [f"/rounds/{number}/", f"/rounds/{number}/open/", f"/assessments/{number}/extend/"]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


# The list


def test_the_list_and_its_pages_without_anything(client: Client, db: None) -> None:
    """No round, no questionnaire, no region: a sentence each, and no error."""
    as_(client, make_person("Ada Administrator", role="administrator", organisation=make_nation()))
    assertContains(client.get("/rounds/"), "There is no round yet.")
    assertContains(client.get("/rounds/new/"), "Upload a questionnaire")
    page = client.post("/rounds/new/", {"title": "Autumn round", "questionnaire": "1"})
    assertContains(page, "No questionnaire is published")
    assert Round.objects.count() == 0


def test_the_list_counts_what_the_reader_may_see(client: Client, world: World) -> None:
    Assessment.objects.filter(pk=world.sister_assessment.pk).update(status="submitted")
    draft(world, world.own, world.far)
    counts = {}
    for who in ("administrator", "far_regional_analyst", "regional_analyst", "lead"):
        words = text_of(as_(client, getattr(world, who)).get("/rounds/"))
        counts[who] = re.findall(r"Submitted (\d+ of \d+|\d+ systems? chosen)", words)
    assert counts == {
        "administrator": ["2 systems chosen", "1 of 3"],
        "far_regional_analyst": ["0 of 1"],
        "regional_analyst": ["1 of 2"],
        "lead": ["0 of 1"],
    }


def test_synthetic_rounds_say_so_wherever_they_are(client: Client, world: World) -> None:
    Round.objects.filter(pk=world.round.pk).update(synthetic=True)
    as_(client, world.administrator)
    said = "The data on this page is synthetic"
    for path in ("", f"{world.round.pk}/", f"{world.round.pk}/close/", f"{world.round.pk}/edit/"):
        assertContains(client.get(f"/rounds/{path}"), said)
    assertContains(client.get(f"/assessments/{world.assessment.pk}/extend/"), said)


# Creating and changing


def test_a_round_is_created_from_what_was_typed(client: Client, world: World) -> None:
    as_(client, world.administrator)
    answer = client.post("/rounds/new/", posted(world.questionnaire))
    made = Round.objects.get(title="Autumn round")
    assertRedirects(answer, f"/rounds/{made.pk}/")
    assert (f"{timezone.localtime(made.opens_at):%d %H:%M}", made.audience, made.declaration) == (
        "01 09:00",
        "public",
        "I confirm.",
    )


@pytest.mark.parametrize("demo", [False, True])
def test_a_round_made_in_a_demo_says_that_its_data_are_synthetic(
    client: Client, world: World, settings: Any, demo: bool
) -> None:
    settings.DEMO = demo
    as_(client, world.administrator).post("/rounds/new/", posted(world.questionnaire))
    assert Round.objects.get(title="Autumn round").synthetic is demo


def test_the_declaration_comes_with_a_wording(client: Client, world: World) -> None:
    assertContains(as_(client, world.administrator).get("/rounds/new/"), "to the best of my knowledge")


def test_a_new_round_takes_its_texts_from_the_round_before(client: Client, world: World) -> None:
    Round.objects.filter(pk=world.round.pk).update(
        audience=Round.Audience.PUBLIC, purpose="To learn from each other.", declaration="I stand by this."
    )
    newest = publish_content(version="2.0")
    publish_content(key="other")
    page = as_(client, world.administrator).get("/rounds/new/")
    form = page.context["form"]
    taken = {name: form[name].value() for name in ("questionnaire", "audience", "purpose", "declaration")}
    assert taken == {
        "questionnaire": newest.pk,
        "audience": "public",
        "purpose": "To learn from each other.",
        "declaration": "I stand by this.",
    }
    assert [form[name].value() for name in ("title", "opens_at", "closes_at")] == [None, None, None]
    assertContains(page, "are those of “Spring round”")


def test_a_new_round_takes_over_how_the_last_one_was_set_up(client: Client, world: World) -> None:
    as_(client, world.administrator)
    client.post(f"/rounds/{world.round.pk}/reminders/usual/")
    form = client.get("/rounds/new/").context["form"]
    assert form["parts"].value() == ["systems", "reminders"]
    # Somebody creates another round meanwhile: what is taken over is still what the page showed.
    make_round(world.questionnaire, title="Another", opens_at=timezone.now())
    sent = posted(world.questionnaire, before=form["before"].value()) | {"parts": form["parts"].value()}
    page = client.post("/rounds/new/", sent, follow=True)
    made = Round.objects.get(title="Autumn round")
    assert chosen(made) == {world.own.pk, world.sister.pk, world.far.pk}
    assert [row.site for row in made.planned_reminders.all()] == ["http://testserver/"] * 4
    assertContains(page, "3 systems chosen")


def test_nothing_is_taken_over_that_is_not_ticked_or_not_offered(client: Client, world: World) -> None:
    as_(client, world.administrator)
    client.post("/rounds/new/", posted(world.questionnaire, before=str(world.round.pk)))
    assert chosen(Round.objects.get(title="Autumn round")) == set()
    forged = posted(world.questionnaire, title="Forged", before=str(world.round.pk), parts="answers")
    assertContains(client.post("/rounds/new/", forged), "Choose from what the round before has")


def test_a_questionnaire_that_was_discarded_meanwhile_is_said_and_the_text_stays(
    client: Client, world: World
) -> None:
    """Its page was open beside the form of the new round, or its number was typed into a form."""
    draft_of_two = keep_draft(
        by=world.administrator, content=replace(world.questionnaire.content, version="2.0"), file="two.yaml"
    )
    for discarded in (False, True):
        if discarded:
            discard_draft(by=world.administrator, questionnaire_id=draft_of_two.pk, seen=draft_of_two.digest)
        page = as_(client, world.administrator).post("/rounds/new/", posted(draft_of_two))
        assert page.status_code == 200
        assert list(page.context["form"].errors) == ["questionnaire"]
        assert page.context["form"]["purpose"].value() == "To see where help is needed."
    assert not Round.objects.filter(title="Autumn round").exists()


def test_nothing_typed_is_lost_by_a_mistake(client: Client, world: World) -> None:
    wrong = posted(world.questionnaire, closes_at_month="2", closes_at_day="31", title="A <b>title</b>")
    page = as_(client, world.administrator).post("/rounds/new/", wrong)
    assertContains(page, "Closing time must be a real date, such as 27 3 2026", count=2)
    assertContains(page, "<title>Error: Create a round")
    for value in ('value="31"', 'value="A &lt;b&gt;title&lt;/b&gt;"', "To see where help is needed."):
        assertContains(page, value)
    assert Round.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "Spring round"}, "There is already a round called “Spring round”. Choose another title."),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"title": "nul\x00"}, "Null characters are not allowed."),
        ({"questionnaire": "0"}, "Choose a questionnaire from the list"),
        ({"questionnaire": "x"}, "Choose a questionnaire from the list"),
        ({"closes_at_year": "2001"}, "Closing time must be after the time when answering begins"),
        ({"audience": "nobody"}, "Select a valid choice"),
        ({"declaration": ""}, "Enter the declaration that approvers sign"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form(
    client: Client, world: World, changes: dict[str, str], sentence: str
) -> None:
    page = as_(client, world.administrator).post("/rounds/new/", posted(world.questionnaire, **changes))
    assertContains(page, "There is a problem")
    assertContains(page, sentence)
    assert Round.objects.count() == 1


def test_a_draft_is_changed_and_the_form_begins_with_what_is_stored(client: Client, world: World) -> None:
    given = draft(world, opens_at=datetime.datetime(2026, 6, 30, 8, 30, tzinfo=datetime.UTC))
    as_(client, world.administrator)
    page = client.get(f"/rounds/{given.pk}/edit/")
    assertContains(page, 'value="09:30"')
    [seen] = re.findall(r'name="seen" value="(\w+)"', page.content.decode())
    answer = client.post(
        f"/rounds/{given.pk}/edit/", posted(world.questionnaire, title="Winter round", seen=seen)
    )
    assertRedirects(answer, f"/rounds/{given.pk}/")
    given.refresh_from_db()
    assert given.title == "Winter round"


def test_the_second_editor_sees_both_before_overwriting(client: Client, world: World) -> None:
    given = draft(world)
    as_(client, world.administrator)
    path = f"/rounds/{given.pk}/edit/"
    [seen] = re.findall(r'name="seen" value="(\w+)"', client.get(path).content.decode())
    client.post(path, posted(world.questionnaire, title="Theirs", seen=seen))
    page = client.post(path, posted(world.questionnaire, title="Mine", seen=seen))
    assertContains(page, "Somebody else has changed this round since you opened this page.")
    assertContains(page, 'value="Mine"')
    [seen] = re.findall(r'name="seen" value="(\w+)"', page.content.decode())
    client.post(path, posted(world.questionnaire, title="Mine", seen=seen))
    given.refresh_from_db()
    assert given.title == "Mine"


def test_a_round_that_opened_meanwhile_is_not_changed_and_the_text_stays(
    client: Client, world: World
) -> None:
    as_(client, world.administrator)
    path = f"/rounds/{world.round.pk}/edit/"
    page = client.post(path, posted(world.questionnaire, title="Too late"))
    assertContains(page, "its details and its systems are fixed since it opened.")
    assertContains(page, 'value="Too late"')
    assertContains(client.get(path), "This round is no longer a draft, so its details are fixed.")


# Choosing the systems


def chosen(given: Round) -> set[int]:
    """The organisations that take part."""
    return set(Participant.objects.filter(round=given).values_list("organisation_id", flat=True))


def test_systems_are_ticked_by_region(client: Client, world: World) -> None:
    given = draft(world, world.sister)
    as_(client, world.administrator)
    path = f"/rounds/{given.pk}/participants/"
    page = client.get(path)
    words = text_of(page)
    assert words.index("North") < words.index("Ambleshire") < words.index("South") < words.index("Cliffshire")
    assert re.findall(r'value="(\d+)"[^>]*checked', page.content.decode()) == [str(world.sister.pk)]
    ticked = {"region_0": [str(world.own.pk)], "region_1": [str(world.far.pk)]}
    answer = client.post(path, ticked, follow=True)
    assertContains(answer, "2 systems take part.")
    assert chosen(given) == {world.own.pk, world.far.pk}


def test_all_systems_of_the_day_are_chosen_by_one_button(client: Client, world: World) -> None:
    given = draft(world)
    page = as_(client, world.administrator).post(
        f"/rounds/{given.pk}/participants/", {"everyone": "yes", "region_0": "stale"}, follow=True
    )
    assertContains(page, "3 systems take part.")
    assert chosen(given) == {world.own.pk, world.sister.pk, world.far.pk}


@pytest.mark.parametrize("button", [{}, {"everyone": "yes"}])
def test_the_second_to_choose_sees_it_before_overwriting(
    client: Client, world: World, button: dict[str, str]
) -> None:
    given = draft(world, world.sister)
    as_(client, world.administrator)
    path = f"/rounds/{given.pk}/participants/"
    first, second = (client.get(path).context["form"]["seen"].value() for _ in range(2))
    client.post(path, {"region_0": [str(world.own.pk)], "seen": first})
    ticked = {"region_1": [str(world.far.pk)], **button}
    page = client.post(path, ticked | {"seen": second})
    assertContains(page, "Somebody else has chosen the systems since you opened this page: 1 are chosen now.")
    assertContains(page, "See what is saved now")
    assert re.findall(r'value="(\d+)"[^>]*checked', page.content.decode()) == [str(world.far.pk)]
    assert chosen(given) == {world.own.pk}
    client.post(path, ticked | {"seen": page.context["form"]["seen"].value()})
    everyone = {world.own.pk, world.sister.pk, world.far.pk}
    assert chosen(given) == (everyone if button else {world.far.pk})


def test_choosing_the_same_systems_twice_is_no_quarrel(client: Client, world: World) -> None:
    given = draft(world, world.sister)
    as_(client, world.administrator)
    path = f"/rounds/{given.pk}/participants/"
    seen = client.get(path).context["form"]["seen"].value()
    for _ in range(2):
        answer = client.post(path, {"region_0": [str(world.own.pk)], "seen": seen}, follow=True)
        assertContains(answer, "1 system takes part.")


@pytest.mark.parametrize("forged", ["0", "x", "9" * 30])
def test_a_forged_system_is_refused(client: Client, world: World, forged: str) -> None:
    given = draft(world, world.own)
    page = as_(client, world.administrator).post(
        f"/rounds/{given.pk}/participants/", {"region_0": [str(world.own.pk), forged]}
    )
    assertContains(page, "Choose systems from the list")
    assert chosen(given) == {world.own.pk}


def test_systems_without_a_region_or_a_name_are_listed(client: Client, world: World) -> None:
    Affiliation.objects.filter(organisation=world.own).delete()
    OrganisationName.objects.filter(organisation=world.sister).delete()
    words = text_of(as_(client, world.administrator).get(f"/rounds/{draft(world).pk}/participants/"))
    assert (
        "Without a region on this day They cannot take part until their region is known. Ambleshire" in words
    )
    assert f"Organisation {world.sister.pk} (no name known)" in words


def test_a_day_without_any_system_says_so_and_names_the_strays(client: Client, world: World) -> None:
    given = draft(world, world.own, participants_as_at=datetime.date(2020, 1, 1))
    words = text_of(as_(client, world.administrator).get(f"/rounds/{given.pk}/participants/"))
    assert "Saving this page takes them out: Ambleshire" in words
    assert "No system exists on this day." in words


def test_the_systems_of_an_open_round_are_fixed(client: Client, world: World) -> None:
    as_(client, world.administrator)
    path = f"/rounds/{world.round.pk}/participants/"
    assert "3 systems take part." in text_of(client.get(path))
    assertContains(client.post(path), "its details and its systems are fixed since it opened.")
    assert len(chosen(world.round)) == 3


# The checklist, and opening


def test_a_draft_shows_what_is_missing_with_the_way_to_mend_it(client: Client, world: World) -> None:
    Membership.objects.filter(person=world.far_approver).update(ended_at=timezone.now())
    given = draft(world, world.own, world.far)
    page = as_(client, world.administrator).get(f"/rounds/{given.pk}/")
    assertContains(page, "Cliffshire has no approver with an active account.")
    assertContains(page, f"/people/new/?role=approver&amp;organisation={world.far.pk}")
    assertNotContains(page, f"/rounds/{given.pk}/open/")
    page = client.get(f"/rounds/{given.pk}/open/")
    assertContains(page, "The round cannot open yet. This is missing:")
    assertNotContains(page, "Open the round</button>")


def test_a_draft_says_what_to_look_at_again_and_opens_all_the_same(client: Client, world: World) -> None:
    begins = timezone.make_aware(datetime.datetime(2030, 3, 30, 9, 0))  # noqa: DTZ001 - made aware
    ends = timezone.make_aware(datetime.datetime(2030, 4, 22, 17, 0))  # noqa: DTZ001 - made aware
    given = draft(world, world.own, opens_at=begins, closes_at=ends, audience="public", purpose="To learn.")
    page = as_(client, world.administrator).get(f"/rounds/{given.pk}/open/")
    words = text_of(page)
    assert (
        "From Saturday 30 March 2030 at 9am to Monday 22 April 2030 at 5pm: 24 days, 14 of them "
        "working days. "
        "The clocks go forward on 31 March 2030; times stay those on the clock."
    ) in words
    assert (
        "Answering ends on Monday 22 April 2030 at 5pm: a bank holiday (Easter Monday), when few "
        "people are "
        "at work."
    ) in words
    assert "Look again" in words
    assert "Declaration and purpose A declaration of 13 words, a purpose of 2 words Change the texts" in words
    assert "Who may read the published results Everyone Change the readers In place" in words
    for check in page.context["round"].setup.checks:
        if check.page:
            address = reverse(check.page, args=[given.pk])
            assertContains(page, f'href="{address}">{check.action}</a>')
            assert client.get(address).status_code == 200
    assertRedirects(client.post(f"/rounds/{given.pk}/open/"), f"/rounds/{given.pk}/")


def test_a_draft_without_systems_or_a_published_questionnaire_is_still_a_page(
    client: Client, world: World
) -> None:
    given = draft(world)
    given.questionnaire = Questionnaire.objects.create(
        key="plan", version="2", title="Plan", document="{}", digest="0" * 64
    )
    given.save()
    words = text_of(as_(client, world.administrator).get(f"/rounds/{given.pk}/"))
    assert "“Plan 2” is not published yet." in words
    assert "No system is chosen to take part." in words
    assert "Each system has" not in words, "what none lacks would be said to be in place"


def test_a_round_is_opened_from_its_page_once(client: Client, world: World) -> None:
    given = draft(world, world.own, world.far)
    as_(client, world.administrator)
    assertContains(client.get(f"/rounds/{given.pk}/"), f'href="/rounds/{given.pk}/open/"')
    assertRedirects(client.post(f"/rounds/{given.pk}/open/"), f"/rounds/{given.pk}/")
    again = client.post(f"/rounds/{given.pk}/open/")
    assertContains(again, "“Autumn round” is already open. Nothing was changed.")
    assert Assessment.objects.filter(round=given).count() == 2


def test_opening_early_says_when_answers_are_taken(client: Client, world: World) -> None:
    begins = timezone.make_aware(datetime.datetime(2099, 6, 30, 9, 0))  # noqa: DTZ001 - made aware
    given = draft(world, world.own, opens_at=begins, closes_at=begins + 30 * DAY)
    as_(client, world.administrator)
    assertContains(
        client.get(f"/rounds/{given.pk}/open/"), "Answers are taken from Tuesday 30 June 2099 at 9am"
    )
    client.post(f"/rounds/{given.pk}/open/")
    assertContains(
        client.get(f"/rounds/{given.pk}/"),
        "The round is open to read. Answers are taken from Tuesday 30 June 2099 at 9am, not before.",
    )


def test_opening_a_past_round_warns(client: Client, world: World) -> None:
    now = timezone.now()
    given = draft(world, world.own, opens_at=now - 60 * DAY, closes_at=now - 30 * DAY)
    page = as_(client, world.administrator).get(f"/rounds/{given.pk}/open/")
    assertContains(page, "The closing time has passed")
    assertContains(page, "Open it only to bring in a past round from a file.")


# The control room


def test_progress_shows_each_system_and_its_deadline(client: Client, world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
    make_answer(world.assessment, "sectors", world.lead, Response(options=("none",)))
    Assessment.objects.filter(pk=world.assessment.pk).update(status="in_progress")
    extend(
        by=world.administrator,
        assessment_id=world.far_assessment.pk,
        until=world.round.closes_at + 7 * DAY,
        reason="Illness",
    )
    page = as_(client, world.administrator).get(f"/rounds/{world.round.pk}/")
    found = page.context["progress"].systems
    assert [
        (line.organisation_name, line.region_name, line.status_label, line.answered, line.asked)
        for line in found
    ] == [
        ("Ambleshire", "North", "In progress", 2, 11),
        ("Borderland", "North", "Not started", 0, 10),
        ("Cliffshire", "South", "Not started", 0, 10),
    ]
    assert [line.window.extended for line in found] == [False, False, True]
    assert [line.last_activity_at is None for line in found] == [False, True, True]
    words = text_of(page)
    assert "0 of 3 systems submitted. 2 not started, 1 in progress." in words
    assert "2 of 11" in words
    assert "Ada Administrator extended Cliffshire, Spring round, until" in words


@pytest.mark.parametrize(
    ("who", "systems"),
    [
        ("national_analyst", ["Ambleshire", "Borderland", "Cliffshire"]),
        ("regional_analyst", ["Ambleshire", "Borderland"]),
        ("far_regional_analyst", ["Cliffshire"]),
        ("lead", ["Ambleshire"]),
        ("sister_approver", ["Borderland"]),
    ],
)
def test_everybody_sees_the_progress_of_their_own_reach(
    client: Client, world: World, who: str, systems: list[str]
) -> None:
    Event.objects.create(
        verb="round.opened", person_name="Ada Administrator", subject="Secret", round_id=world.round.pk
    )
    as_(client, getattr(world, who))
    page = client.get(f"/rounds/{world.round.pk}/")
    assert [line.organisation_name for line in page.context["progress"].systems] == systems
    for hidden in ("Secret", "Close the round", "Give more time"):
        assertNotContains(page, hidden)
    body = b"".join(client.get(f"/rounds/{world.round.pk}/progress.csv").streaming_content).decode()
    assert [row["system"] for row in csv.DictReader(io.StringIO(body))] == systems


def test_a_round_without_the_readers_systems_is_not_there(client: Client, world: World) -> None:
    other = make_round(world.questionnaire, world.far, title="Southern round")
    as_(client, world.lead)
    assert client.get(f"/rounds/{other.pk}/").status_code == 404
    assert client.get(f"/rounds/{other.pk}/progress.csv").status_code == 404
    assertNotContains(client.get("/rounds/"), "Southern round")


def test_the_download_says_where_it_is_from_and_starts_no_formula(client: Client, world: World) -> None:
    Round.objects.filter(pk=world.round.pk).update(synthetic=True, title="=1+1")
    Assessment.objects.filter(pk=world.assessment.pk).update(organisation_name="=cmd()")
    answer = as_(client, world.administrator).get(f"/rounds/{world.round.pk}/progress.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="synthetic-11-progress.csv"'
    [first, *_] = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert (first["round"], first["system"], first["source"], first["synthetic"], first["asked"]) == (
        "'=1+1",
        "'=cmd()",
        "ICS data maturity survey",
        "yes",
        "10",
    )


@pytest.mark.parametrize(
    ("status", "links"),
    [
        (Status.OPEN, ["close", "participants"]),
        (Status.CLOSED, ["release", "reopen", "participants"]),
        (Status.PROVISIONAL, ["publish", "release", "participants"]),
        (Status.PUBLISHED, ["correct", "participants"]),
    ],
)
def test_each_stage_offers_what_may_follow(
    client: Client, world: World, status: Status, links: list[str]
) -> None:
    Round.objects.filter(pk=world.round.pk).update(status=status)
    page = as_(client, world.administrator).get(f"/rounds/{world.round.pk}/").content.decode()
    steps = "edit|participants|open|close|reopen|release|publish|correct"
    assert re.findall(rf'href="/rounds/{world.round.pk}/({steps})/"', page) == links


def test_an_open_round_without_assessments_is_still_a_page(client: Client, world: World) -> None:
    empty = make_round(world.questionnaire, title="Empty round")
    as_(client, world.administrator)
    assertContains(client.get(f"/rounds/{empty.pk}/"), "There is no system in this round that you may see.")
    assertContains(client.get(f"/rounds/{empty.pk}/close/"), "0 of 0 systems have submitted.")
    assert len(list(client.get(f"/rounds/{empty.pk}/progress.csv").streaming_content)) == 1


def test_the_control_room_takes_few_queries(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    """As many for three systems as for one: session, person, memberships, round, events, systems, answers,
    spells of work.
    """
    for row in (world.assessment, world.sister_assessment, world.far_assessment):
        make_answer(row, "linked_data", world.lead, Response(level=3))
    as_(client, world.administrator)
    client.get(f"/rounds/{world.round.pk}/")
    with django_assert_max_num_queries(8):
        client.get(f"/rounds/{world.round.pk}/")
    with django_assert_max_num_queries(8):
        client.get("/rounds/")


def test_an_open_round_past_its_closing_time_says_who_can_still_answer(client: Client, world: World) -> None:
    ended = timezone.make_aware(datetime.datetime(2020, 6, 30, 17, 0))  # noqa: DTZ001 - made aware
    Round.objects.filter(pk=world.round.pk).update(opens_at=ended - DAY, closes_at=ended)
    page = as_(client, world.administrator).get(f"/rounds/{world.round.pk}/")
    assertContains(
        page,
        "The closing time was Tuesday 30 June 2020 at 5pm. Only systems with more time can still answer.",
    )


# Closing, reopening, more time


def test_closing_shows_who_has_not_submitted_and_who_still_has_time(client: Client, world: World) -> None:
    Assessment.objects.filter(pk=world.assessment.pk).update(status="submitted")
    for row in (world.assessment, world.far_assessment):
        until = world.round.closes_at + 7 * DAY
        extend(by=world.administrator, assessment_id=row.pk, until=until, reason="Illness")
    as_(client, world.administrator)
    words = text_of(client.get(f"/rounds/{world.round.pk}/close/"))
    assert "1 of 3 systems have submitted." in words
    assert "The closing time is still to come" in words
    assert "They have an extension that closing the round would end: Cliffshire, until" in words
    assert "2 systems not submitted Borderland Cliffshire" in words
    answer = client.post(f"/rounds/{world.round.pk}/close/", follow=True)
    assertContains(answer, "“Spring round” is closed. No answers are taken any more.")
    again = client.post(f"/rounds/{world.round.pk}/close/")
    assertContains(again, "“Spring round” is already closed. Nothing was changed.")


def test_a_closed_round_is_reopened(client: Client, world: World) -> None:
    close_round(by=None, round_id=world.round.pk)
    as_(client, world.administrator)
    path = f"/rounds/{world.round.pk}/reopen/"
    until = timezone.localtime(timezone.now() + 20 * DAY).replace(hour=12, minute=0)
    page = client.post(path, moment("closes_at", until) | {"reason": " "})
    assertContains(page, "Give a reason")
    assertContains(page, f'value="{until.year}"')
    page = client.post(path, moment("closes_at", until) | {"reason": "Flooding"}, follow=True)
    assertContains(page, "“Spring round” is open again until")
    world.round.refresh_from_db()
    assert (world.round.status, timezone.localtime(world.round.closes_at).day) == (Status.OPEN, until.day)


def test_an_open_round_cannot_be_reopened(client: Client, world: World) -> None:
    page = as_(client, world.administrator).get(f"/rounds/{world.round.pk}/reopen/")
    assertContains(page, "Only a closed round can be reopened.")


def test_a_system_gets_more_time_and_the_page_lists_it(client: Client, world: World) -> None:
    as_(client, world.administrator)
    path = f"/assessments/{world.assessment.pk}/extend/"
    early = moment("until", timezone.localtime(world.round.closes_at - DAY)) | {"reason": "Illness"}
    page = client.post(path, early)
    assertContains(page, "The new deadline must be after the closing time of the round")
    assertContains(page, "Illness")
    until = timezone.localtime(world.round.closes_at + 7 * DAY).replace(hour=17, minute=0)
    assertRedirects(
        client.post(path, moment("until", until) | {"reason": "Illness"}), f"/rounds/{world.round.pk}/"
    )
    assert Extension.objects.get().until.replace(second=0, microsecond=0) == until.replace(
        second=0, microsecond=0
    )
    assertContains(client.get(path), "by Ada Administrator on")


def test_time_in_a_round_that_is_closed_is_for_one_system(client: Client, world: World) -> None:
    close_round(by=None, round_id=world.round.pk)
    address = f"/assessments/{world.assessment.pk}/extend/"
    page = as_(client, world.administrator).get(address)
    assertContains(page, "The round is no longer open, so the time is for this system alone.")
    Assessment.objects.filter(pk=world.assessment.pk).update(status=Assessment.Status.SUBMITTED)
    assertContains(client.get(address), "The system has submitted, and the round is no longer open.")


def test_two_rounds_of_two_questionnaires_stand_beside_each_other(client: Client, world: World) -> None:
    other = make_round(publish_content(key="other"), world.own, title="Autumn round", status=Status.DRAFT)
    open_round(by=None, round_id=other.pk)
    as_(client, world.administrator)
    assert [client.get(f"/rounds/{row.pk}/").status_code for row in (other, world.round)] == [200, 200]
    assert [line.title for line in client.get("/rounds/").context["rounds"]] == [
        "Autumn round",
        "Spring round",
    ]
