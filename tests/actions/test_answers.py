"""Saving answers: what is stored, what is refused, and what happens when two people meet."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.answer_rows import AnswerRow, write_answers
from surveys.actions.answers import AnswerSave, SaveOutcome, save_answers
from surveys.actions.refusals import Refused
from surveys.models import Answer, Assessment, Extension, Membership, Person, Question, Round
from surveys.queries.instruments import instrument_of
from surveys.questionnaires.responses import Response
from tests.factories import make_answer, make_person
from tests.together import together
from tests.world import World, build_world

Status = Assessment.Status

EVERY_KIND = {
    "linked_data": Response(level=3, comment="Not yet social care."),
    "shared_platform": Response(not_applicable=True, reason="We share our neighbour's."),
    "practice_share": Response(number=Decimal(85)),
    "sectors": Response(options=("acute", "other"), other="Hospices"),
    "training": Response(level=5),
    "analysts": Response(number=Decimal("12.5")),
    "time_split": Response(parts=(("reporting", Decimal(60)), ("strategy", Decimal(40)))),
    "clarity": Response(options=("unclear",)),
    "peer_offer": Response(text='How we “pair” analysts.\nAnd more; 50% \\ "quoted"', consent=False),
}


def save(world: World, by: Person, *saves: tuple[str, int, Response]) -> SaveOutcome:
    return save_answers(by=by, assessment_id=world.assessment.pk, saves=[AnswerSave(*one) for one in saves])


def stored(assessment: Assessment) -> dict[str, tuple[int, Response]]:
    rows = Answer.objects.filter(assessment=assessment).select_related("question")
    return {row.question.code: (row.version, row.response) for row in rows}


def test_every_kind_of_answer_comes_back_as_it_was_given(world: World) -> None:
    outcome = save(world, world.lead, *((code, 0, response) for code, response in EVERY_KIND.items()))

    assert outcome == SaveOutcome(saved=frozenset(EVERY_KIND))
    assert outcome.complete
    assert stored(world.assessment) == {code: (1, response) for code, response in EVERY_KIND.items()}
    assert stored(world.sister_assessment) == {}


def test_an_answer_names_who_gave_it_and_when(world: World) -> None:
    before = timezone.now()
    save(world, world.contributor, ("linked_data", 0, Response(level=2)))

    answer = Answer.objects.get()
    assert answer.answered_by == world.contributor
    assert before <= answer.answered_at <= timezone.now()


def test_the_first_answer_starts_the_assessment(world: World) -> None:
    save(world, world.lead, ("linked_data", 0, Response(level=2)))

    world.assessment.refresh_from_db()
    world.sister_assessment.refresh_from_db()
    assert world.assessment.status == Status.IN_PROGRESS
    assert world.sister_assessment.status == Status.NOT_STARTED


def test_saving_nothing_starts_nothing(world: World) -> None:
    outcome = save(world, world.lead, ("linked_data", 0, Response()), ("training", 0, Response()))

    world.assessment.refresh_from_db()
    assert outcome == SaveOutcome(unchanged=frozenset({"linked_data", "training"}))
    assert world.assessment.status == Status.NOT_STARTED
    assert stored(world.assessment) == {}
    assert save(world, world.lead) == SaveOutcome()


def test_a_returned_assessment_is_in_progress_again_after_a_change(world: World) -> None:
    Assessment.objects.filter(pk=world.assessment.pk).update(
        status=Status.RETURNED,
        returned_at=timezone.now(),
        returned_by=world.approver,
        return_reason="Check the first section.",
    )
    save(world, world.lead, ("linked_data", 0, Response(level=2)))

    world.assessment.refresh_from_db()
    assert world.assessment.status == Status.IN_PROGRESS
    assert world.assessment.return_reason == "Check the first section."


def test_an_answer_that_is_not_changed_makes_no_new_version(world: World) -> None:
    save(world, world.lead, ("time_split", 0, EVERY_KIND["time_split"]))
    same = Response(parts=(("strategy", Decimal("40.0")), ("reporting", Decimal("60.00"))))

    outcome = save(world, world.lead, ("time_split", 1, same))

    assert outcome == SaveOutcome(unchanged=frozenset({"time_split"}))
    assert stored(world.assessment) == {"time_split": (1, EVERY_KIND["time_split"])}


def test_options_are_kept_in_the_order_of_the_question(world: World) -> None:
    save(world, world.lead, ("sectors", 0, Response(options=("primary_care", "acute"))))

    assert stored(world.assessment) == {"sectors": (1, Response(options=("acute", "primary_care")))}


def test_clearing_an_answer_keeps_its_row_and_its_history(world: World) -> None:
    save(world, world.lead, ("linked_data", 0, Response(level=4)))
    save(world, world.contributor, ("linked_data", 1, Response()))

    history = apps.get_model("surveys", "AnswerEvent").objects.order_by("pgh_id")
    assert stored(world.assessment) == {"linked_data": (2, Response())}
    assert list(history.values_list("version", "level", "answered_by__name")) == [
        (1, 4, "Lena Lead"),
        (2, None, "Connie Contributor"),
    ]


def test_what_is_valid_is_stored_and_what_is_not_is_reported(world: World) -> None:
    outcome = save(
        world,
        world.lead,
        ("practice_share", 0, Response(number=Decimal(101))),
        ("shared_platform", 0, Response(not_applicable=True)),
        ("linked_data", 0, Response(level=9)),
        ("training", 0, Response(level=4)),
    )

    messages = {code: [problem.message for problem in found] for code, found in outcome.invalid.items()}
    assert not outcome.complete
    assert outcome.saved == {"training"}
    assert messages == {
        "practice_share": ["Enter a percentage between 0 and 100"],
        "shared_platform": ["Say why this question does not apply"],
        "linked_data": ["Choose one of the levels shown"],
    }
    assert stored(world.assessment) == {"training": (1, Response(level=4))}


@pytest.mark.parametrize(
    "number", [Decimal("NaN"), Decimal("-Infinity"), Decimal("1E+400"), Decimal("0.00001"), Decimal(-1)]
)
def test_absurd_numbers_are_reported_not_stored(world: World, number: Decimal) -> None:
    outcome = save(world, world.lead, ("analysts", 0, Response(number=number)))

    assert set(outcome.invalid) == {"analysts"}
    assert stored(world.assessment) == {}


def test_text_that_the_database_cannot_hold_is_reported(world: World) -> None:
    outcome = save(world, world.lead, ("peer_offer", 0, Response(text="a\x00b", comment="\ud800")))

    assert [problem.field for problem in outcome.invalid["peer_offer"]] == ["text", "comment"]


def test_a_conflict_stores_neither_and_shows_both(world: World) -> None:
    save(world, world.lead, ("linked_data", 0, Response(level=2, comment="Lena's view")))
    save(world, world.lead, ("linked_data", 1, Response(level=3, comment="Lena's later view")))

    outcome = save(
        world,
        world.contributor,
        ("linked_data", 1, Response(level=5, comment="Connie's view")),
        ("practice_share", 0, Response(number=Decimal(80))),
    )

    conflict = outcome.conflicts["linked_data"]
    assert outcome.saved == {"practice_share"}
    assert not outcome.complete
    assert set(outcome.conflicts) == {"linked_data"}
    assert conflict.mine == Response(level=5, comment="Connie's view")
    assert (conflict.theirs.response, conflict.theirs.version) == (
        Response(level=3, comment="Lena's later view"),
        2,
    )
    assert conflict.theirs.by == "Lena Lead"
    assert stored(world.assessment)["linked_data"] == (2, Response(level=3, comment="Lena's later view"))


def test_two_first_answers_are_a_conflict(world: World) -> None:
    save(world, world.lead, ("linked_data", 0, Response(level=2)))

    outcome = save(world, world.contributor, ("linked_data", 0, Response(level=3)))

    assert set(outcome.conflicts) == {"linked_data"}


def test_the_same_value_from_two_people_is_no_conflict(world: World) -> None:
    save(world, world.lead, ("linked_data", 0, Response(level=2)))

    outcome = save(world, world.contributor, ("linked_data", 0, Response(level=2)))

    assert outcome == SaveOutcome(unchanged=frozenset({"linked_data"}))
    assert Answer.objects.get().answered_by == world.lead


def test_an_answer_that_was_only_seen_is_not_fought_over(world: World) -> None:
    """Two people have the section open; each changes another question, and both send all of it."""
    save(world, world.lead, ("linked_data", 0, Response(level=1)))
    save(
        world, world.lead, ("linked_data", 1, Response(level=2)), ("sectors", 0, Response(options=("acute",)))
    )

    outcome = save(
        world,
        world.contributor,
        ("linked_data", 1, Response(level=1)),
        ("sectors", 0, Response()),
        ("practice_share", 0, Response(number=Decimal(70))),
    )

    assert outcome == SaveOutcome(
        saved=frozenset({"practice_share"}), unchanged=frozenset({"linked_data", "sectors"})
    )
    assert stored(world.assessment) == {
        "linked_data": (2, Response(level=2)),
        "sectors": (1, Response(options=("acute",))),
        "practice_share": (1, Response(number=Decimal(70))),
    }


@pytest.mark.parametrize("seen", [-1, 7, 2_000_000_000])
def test_a_version_that_never_was_overwrites_nothing(world: World, seen: int) -> None:
    save(world, world.lead, ("linked_data", 0, Response(level=2)))

    outcome = save(world, world.lead, ("linked_data", seen, Response(level=5)))

    assert set(outcome.conflicts) == {"linked_data"}
    assert stored(world.assessment) == {"linked_data": (1, Response(level=2))}


def test_a_version_of_an_answer_that_is_not_there_is_a_first_answer(world: World) -> None:
    outcome = save(world, world.lead, ("linked_data", 7, Response(level=5)))

    assert outcome.saved == {"linked_data"}
    assert stored(world.assessment) == {"linked_data": (1, Response(level=5))}


def test_a_contributor_answers_only_the_sections_handed_to_them(world: World) -> None:
    with pytest.raises(Http404):
        save(
            world,
            world.contributor,
            ("linked_data", 0, Response(level=2)),
            ("training", 0, Response(level=2)),
        )
    assert stored(world.assessment) == {}


@pytest.mark.parametrize(
    "who",
    [
        "approver",
        "sister_lead",
        "far_lead",
        "regional_analyst",
        "national_analyst",
        "administrator",
        "newcomer",
    ],
)
def test_nobody_else_answers(world: World, who: str) -> None:
    for saves in ([("linked_data", 0, Response(level=2))], []):
        with pytest.raises(Http404):
            save(world, getattr(world, who), *saves)
    assert stored(world.assessment) == {}


def test_a_lead_whose_membership_has_ended_answers_no_more(world: World) -> None:
    Membership.objects.filter(person=world.lead).update(ended_at=timezone.now())

    with pytest.raises(Http404):
        save(world, world.lead, ("linked_data", 0, Response(level=2)))


def test_an_unknown_question_or_assessment_does_not_exist(world: World) -> None:
    with pytest.raises(Http404):
        save(world, world.lead, ("no_such_question", 0, Response(level=2)))
    with pytest.raises(Http404):
        save_answers(by=world.lead, assessment_id=10**9, saves=[])


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.AWAITING_SIGNOFF, "The assessment is waiting for sign-off, so answers cannot be changed."),
        (Status.SUBMITTED, "The assessment has been submitted, so answers cannot be changed."),
    ],
)
def test_what_is_sent_or_signed_cannot_be_changed(world: World, status: str, said: str) -> None:
    Assessment.objects.filter(pk=world.assessment.pk).update(
        status=status, sent_at=timezone.now(), sent_by=world.lead
    )

    with pytest.raises(Refused) as refusal:
        save(world, world.lead, ("linked_data", 0, Response(level=2)))

    assert refusal.value.message.startswith(said)
    assert stored(world.assessment) == {}


def test_nothing_is_stored_before_the_opening_or_after_the_deadline(world: World) -> None:
    now = timezone.now()
    for opens, closes, said in (
        (now + datetime.timedelta(hours=1), now + datetime.timedelta(days=1), "The round opens on "),
        (now - datetime.timedelta(days=2), now - datetime.timedelta(seconds=1), "The deadline was "),
    ):
        Round.objects.update(opens_at=opens, closes_at=closes)
        with pytest.raises(Refused) as refusal:
            save(world, world.lead, ("linked_data", 0, Response(level=2)))
        assert refusal.value.message.startswith(said)
    assert stored(world.assessment) == {}


def test_a_closed_round_takes_no_answers_even_with_an_extension(world: World) -> None:
    extend(world, hours=5)
    Round.objects.update(status=Round.Status.CLOSED)

    with pytest.raises(Refused) as refusal:
        save(world, world.lead, ("linked_data", 0, Response(level=2)))

    assert refusal.value.message == "The round is closed, so answers can no longer be changed."


def extend(world: World, hours: int) -> None:
    Extension.objects.create(
        assessment=world.assessment,
        until=timezone.now() + datetime.timedelta(hours=hours),
        reason="The lead was ill.",
        granted_by=world.administrator,
    )


def test_a_clock_that_is_put_back_loses_no_answer(world: World) -> None:
    """Versions count the saves, so what was saved last holds, whatever the clock says."""
    save(world, world.lead, ("linked_data", 0, Response(level=2)))
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=2)):
        save(world, world.lead, ("linked_data", 1, Response(level=3)))
        stale = save(world, world.lead, ("linked_data", 1, Response(level=4)))
    assert set(stale.conflicts) == {"linked_data"}
    assert stored(world.assessment) == {"linked_data": (2, Response(level=3))}


def test_the_latest_extension_holds_for_its_own_system_only(world: World) -> None:
    now = timezone.now()
    Round.objects.update(
        opens_at=now - datetime.timedelta(days=9), closes_at=now - datetime.timedelta(days=1)
    )
    extend(world, hours=1)
    assert save(world, world.lead, ("linked_data", 0, Response(level=2))).complete
    with pytest.raises(Refused):
        save_answers(
            by=world.sister_lead,
            assessment_id=world.sister_assessment.pk,
            saves=[AnswerSave("linked_data", 0, Response(level=2))],
        )

    extend(world, hours=-1)
    with pytest.raises(Refused):
        save(world, world.lead, ("linked_data", 1, Response(level=3)))


def test_a_question_that_is_not_asked_may_be_answered_ahead(world: World) -> None:
    outcome = save(world, world.lead, ("why_no_sectors", 0, Response(text="We are new.")))

    assert outcome.saved == {"why_no_sectors"}


def test_a_whole_section_takes_three_statements(
    world: World, django_assert_num_queries: Callable[[int], Any]
) -> None:
    save(world, world.lead, ("linked_data", 0, Response(level=1)))
    answers = [("linked_data", 1, Response(level=2))]
    answers += [(code, 0, EVERY_KIND[code]) for code in ("shared_platform", "practice_share", "sectors")]
    # A savepoint and its release, the lock, the state with the answers, and the write.
    with django_assert_num_queries(5):
        assert save(world, world.lead, *answers).saved == {code for code, _, _ in answers}


def test_the_statement_compares_versions_without_any_lock(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=2))
    instrument = instrument_of(world.assessment.pk)

    def write(code: str, seen: int, response: Response) -> int:
        row = AnswerRow(world.assessment.pk, instrument.question_ids[code], seen, response)
        return len(write_answers([row], person_id=world.lead.pk, moment=timezone.now(), starts=False))

    assert write("linked_data", 0, Response(level=5)) == 0
    assert write("linked_data", 2, Response(level=5)) == 0
    assert write("training", 1, Response(level=5)) == 0
    assert stored(world.assessment) == {"linked_data": (1, Response(level=2))}
    assert write("linked_data", 1, Response(level=5)) == 1
    assert write("training", 0, Response(level=4)) == 1
    assert stored(world.assessment) == {
        "linked_data": (2, Response(level=5)),
        "training": (1, Response(level=4)),
    }
    world.assessment.refresh_from_db()
    assert world.assessment.status == Status.NOT_STARTED


def test_a_save_that_is_overtaken_inside_the_database_is_refused_whole(world: World) -> None:
    """A trigger stands for a writer that takes no lock and comes between reading and writing."""
    question = Question.objects.get(code="training", dimension__questionnaire=world.questionnaire)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.question_id = {question.pk} THEN RETURN NULL; END IF; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER overtake BEFORE INSERT ON surveys_answer FOR EACH ROW EXECUTE FUNCTION overtake()"
        )

    with pytest.raises(Refused) as refusal:
        save(world, world.lead, ("linked_data", 0, Response(level=2)), ("training", 0, Response(level=2)))

    assert refusal.value.message == (
        "Somebody else saved at the same moment, so we have not saved yours yet. Choose Save again."
    )
    assert stored(world.assessment) == {}


def _saving(
    by: Person, assessment: Assessment, saves: Mapping[str, tuple[int, Response]]
) -> Callable[[], Any]:
    wanted = [AnswerSave(code, seen, response) for code, (seen, response) in saves.items()]
    return lambda: save_answers(by=by, assessment_id=assessment.pk, saves=wanted)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_on_different_questions_lose_nothing_in_twenty_tries() -> None:
    world = build_world()
    colleague = make_person("Colin Colleague", role="lead", organisation=world.own)
    first, second = Response(), Response()
    for before in range(20):
        mine = Response(level=before % 5 + 1, comment=f"Mine {before}")
        theirs = Response(level=(before + 2) % 5 + 1, comment=f"Theirs {before}")
        outcomes = together(
            _saving(
                world.lead, world.assessment, {"linked_data": (before, mine), "training": (before, second)}
            ),
            _saving(
                colleague, world.assessment, {"linked_data": (before, first), "training": (before, theirs)}
            ),
        )
        assert [outcome.complete for outcome in outcomes] == [True, True]
        assert stored(world.assessment) == {
            "linked_data": (before + 1, mine),
            "training": (before + 1, theirs),
        }
        first, second = mine, theirs


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_to_one_question_at_one_moment_one_is_stored_and_one_is_a_conflict() -> None:
    world = build_world()
    colleague = make_person("Colin Colleague", role="lead", organisation=world.own)
    for attempt in range(10):
        outcomes = together(
            _saving(
                world.lead,
                world.assessment,
                {"linked_data": (attempt, Response(level=1, comment=f"{attempt}"))},
            ),
            _saving(
                colleague,
                world.assessment,
                {"linked_data": (attempt, Response(level=2, comment=f"{attempt}"))},
            ),
        )
        saved = [outcome for outcome in outcomes if outcome.saved == {"linked_data"}]
        lost = [outcome for outcome in outcomes if set(outcome.conflicts) == {"linked_data"}]
        assert (len(saved), len(lost)) == (1, 1)
        version, response = stored(world.assessment)["linked_data"]
        conflict = lost[0].conflicts["linked_data"]
        assert version == attempt + 1
        assert conflict.theirs.response == response
        assert {conflict.mine.level, response.level} == {1, 2}


@pytest.mark.django_db(transaction=True)
def test_a_save_that_waits_while_the_time_runs_out_is_refused() -> None:
    """The save stands in the queue behind a change of the round, and must see it when its turn comes."""
    world = build_world()
    locked, go_on = threading.Event(), threading.Event()

    def shorten() -> None:
        with transaction.atomic():
            Assessment.objects.select_for_update().get(pk=world.assessment.pk)
            Round.objects.filter(pk=world.round.pk).update(closes_at=timezone.now())
            locked.set()
            go_on.wait(5)

    def answer() -> SaveOutcome:
        locked.wait(5)
        threading.Timer(0.3, go_on.set).start()
        return save(world, world.lead, ("linked_data", 0, Response(level=2)))

    _, refusal = together(shorten, answer)

    assert isinstance(refusal, Refused)
    assert stored(world.assessment) == {}
