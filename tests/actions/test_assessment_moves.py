"""Whoever tries whatever in whatever order, an assessment moves only as its table of moves says."""

from __future__ import annotations

from collections.abc import Callable

from django.apps import apps
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.assessments import return_assessment, send_for_signoff, submit
from surveys.actions.refusals import Refused
from surveys.models import Answer, Assessment, Event, Person, Submission
from surveys.models.assessment import MOVES
from surveys.questionnaires.responses import Response
from tests.world import World

Status = Assessment.Status
Act = Callable[[Person, Assessment], object]


def _answer(by: Person, row: Assessment) -> object:
    """Another level each time, over the answer that is there."""
    known = Answer.objects.filter(assessment=row).first()
    level = 1 + (known.response.level or 0) % 5 if known else 1
    save = AnswerSave("linked_data", known.version if known else 0, Response(level=level))
    return save_answers(by=by, assessment_id=row.pk, saves=[save])


def _sign(by: Person, row: Assessment) -> object:
    return submit(by=by, assessment_id=row.pk, name=by.name, job_title="Chief executive", sent_at=row.sent_at)


ACTS: dict[str, Act] = {
    "answer": _answer,
    "send": lambda by, row: send_for_signoff(by=by, assessment_id=row.pk),
    "sign": _sign,
    "return": lambda by, row: return_assessment(by=by, assessment_id=row.pk, reason="Look again."),
}
PROGRAMME = ("regional_analyst", "national_analyst", "administrator")
PEOPLE = ("lead", "approver", "contributor", "sister_lead", "newcomer", *PROGRAMME)
LEADS_TO = {
    **{
        ("answer", who, status): Status.IN_PROGRESS
        for who in ("lead", "contributor")
        for status in (Status.NOT_STARTED, Status.IN_PROGRESS, Status.RETURNED)
    },
    ("send", "lead", Status.IN_PROGRESS): Status.AWAITING_SIGNOFF,
    ("send", "lead", Status.RETURNED): Status.AWAITING_SIGNOFF,
    ("sign", "approver", Status.AWAITING_SIGNOFF): Status.SUBMITTED,
    ("return", "approver", Status.AWAITING_SIGNOFF): Status.RETURNED,
    **{("return", who, Status.SUBMITTED): Status.RETURNED for who in PROGRAMME},
}
"""Who does what at which stage, and where it leads. Everything else is refused and changes nothing."""

TRIED = st.one_of(
    st.sampled_from(sorted({(act, who) for act, who, _ in LEADS_TO})),
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(PEOPLE)),
)
"""Half of them by people who may do it at some stage, so that every stage is reached."""


def test_the_acts_are_the_table_of_moves() -> None:
    moved = {(start, end) for (_, _, start), end in LEADS_TO.items() if start != end}
    assert moved == {(start, end) for start, ends in MOVES.items() for end in ends}


def _done(act: Act, by: Person, row: Assessment) -> bool:
    """Whether the act was done and not refused. Each person comes anew, as with every request."""
    try:
        with transaction.atomic():
            act(Person.objects.get(pk=by.pk), row)
    except (Refused, Http404):
        return False
    return True


def _kept() -> dict[str, int]:
    """How much there is of everything that only ever grows."""
    history = apps.get_model("surveys", "AnswerEvent").objects
    return {
        "copies": Submission.objects.count(),
        "events": Event.objects.count(),
        "versions of answers": history.count(),
    }


GROWS = {"answer": "versions of answers", "send": "events", "sign": "events", "return": "events"}


@given(tried=st.lists(TRIED, max_size=25))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_acts_follows_the_table(world: World, tried: list[tuple[str, str]]) -> None:
    """Nothing that was answered is lost, and nothing is done without a line of who did it."""
    with transaction.atomic():
        row = world.assessment
        for act, who in tried:
            row.refresh_from_db()
            before, kept = row.status, _kept()
            expected = LEADS_TO.get((act, who, Status(before)))
            done = _done(ACTS[act], getattr(world, who), row)
            row.refresh_from_db()
            assert (act, who, before, done) == (act, who, before, expected is not None)
            assert row.status == (expected or before)
            grown = {name for name, number in _kept().items() if number != kept[name]}
            assert grown == ({GROWS[act], *(["copies"] if act == "sign" else [])} if done else set())
        transaction.set_rollback(True)
