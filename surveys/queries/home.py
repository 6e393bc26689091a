"""The home page: what waits for a person, by the roles they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

from surveys.models import Answer, Person, Round
from surveys.permissions import RESPONDENT_ROLES, Permission, has_anywhere, inherited_by, posts
from surveys.queries.assessments import AssessmentState, assessment_states
from surveys.queries.challenge_notices import ChallengeNotice, own_notices, waiting_notices
from surveys.queries.completion import Completion, completion
from surveys.queries.instruments import instrument
from surveys.queries.moderation_waiting import ModerationWaiting, moderation_waiting
from surveys.queries.next_steps import NextStep, next_step
from surveys.queries.results.listing import RoundReleases, rounds_with_results
from surveys.queries.rounds import RoundLine, rounds_for
from surveys.questionnaires.responses import Response


@dataclass(frozen=True)
class OwnAssessment:
    """An assessment of an organisation that the person belongs to, with how far it is and what comes next."""

    state: AssessmentState
    completion: Completion
    next_step: NextStep


@dataclass(frozen=True)
class Home:
    """What the home page shows. `member`: the person has a membership; `follows`: they follow rounds."""

    name: str
    member: bool
    respondent: bool
    follows: bool
    manages: bool
    current: tuple[OwnAssessment, ...]
    earlier: tuple[AssessmentState, ...]
    rounds: tuple[RoundLine, ...]
    results: tuple[RoundReleases, ...]
    challenges: tuple[ChallengeNotice, ...]
    moderation: ModerationWaiting
    synthetic: bool


def home(person: Person) -> Home:
    """Return the home page of a person, in seven queries at most."""
    belongs_to = {post.organisation_id for post in posts(person) if post.role in RESPONDENT_ROLES}
    own = _own_states(person, belongs_to)
    open_now = [
        state
        for state in own
        if (state.window.round_status == Round.Status.OPEN or not state.over)
        and state.organisation_id in belongs_to
    ]
    follows = has_anywhere(person, Permission.FOLLOW)
    rounds = rounds_for(person) if follows else ()
    results = rounds_with_results(person)
    belonging = [state for state in own if state.organisation_id in belongs_to]
    challenges = (*own_notices(belonging), *waiting_notices(person, rounds))
    moderation = moderation_waiting(person)
    return Home(
        name=person.name,
        member=bool(posts(person)),
        respondent=any(post.role in RESPONDENT_ROLES for post in posts(person)),
        follows=follows,
        manages=has_anywhere(person, Permission.MANAGE),
        current=tuple(_with_completion(open_now)),
        earlier=tuple(state for state in own if state not in open_now),
        rounds=rounds,
        results=results,
        challenges=challenges,
        moderation=moderation,
        synthetic=any(
            [
                moderation.synthetic,
                *(state.synthetic for state in own),
                *(line.synthetic for line in rounds),
                *(releases.synthetic for releases in results),
                *(notice.synthetic for notice in challenges),
            ]
        ),
    )


def _own_states(person: Person, belongs_to: Set[int]) -> tuple[AssessmentState, ...]:
    """Return the assessments of these organisations, and what those that they came from have submitted."""
    if not belongs_to:
        return ()
    return assessment_states(person, [*belongs_to, *inherited_by(person)])


def _with_completion(states: list[AssessmentState]) -> Iterable[OwnAssessment]:
    responses: defaultdict[int, dict[str, Response]] = defaultdict(dict)
    questionnaires = {state.id: instrument(state.questionnaire_id) for state in states}
    for answer in Answer.objects.filter(assessment_id__in=questionnaires) if states else ():
        code = questionnaires[answer.assessment_id].question_codes[answer.question_id]
        responses[answer.assessment_id][code] = answer.response
    for state in states:
        done = completion(questionnaires[state.id].content, responses[state.id])
        yield OwnAssessment(state, done, next_step(state, done))
