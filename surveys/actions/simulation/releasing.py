"""The results of a simulated round: released, challenged, published and corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils import timezone

from surveys.actions.challenges import answer_challenge, raise_challenge
from surveys.actions.releases import correct, publish, release_provisionally
from surveys.actions.simulation.cast import SITE, Cast
from surveys.actions.simulation.courses import Course
from surveys.actions.simulation.failure import must_hold, must_refuse
from surveys.actions.simulation.signing import ENOUGH, correct_and_sign, return_it
from surveys.actions.simulation.work import Work, works_of
from surveys.models import Challenge, Release, Round
from surveys.queries.release_check import release_check
from surveys.queries.releases import held_by


def release_and_correct(
    survey_round: Round, works: Sequence[Work], cast: Cast, say: Callable[[str], None]
) -> tuple[Release, ...]:
    """Release the results provisionally, twice, publish them and correct them; return the four releases."""
    by, key = cast.administrator, survey_round.pk
    querying, contented = works_of(works, Course.QUERIED), works_of(works, Course.ON_TIME)[0]
    until = timezone.now() + ENOUGH
    seen = _checked(survey_round, cast)
    first = release_provisionally(by=by, round_id=key, seen=seen, challenge_until=until, site=SITE)
    challenges = [_challenge(work) for work in querying]
    refused = _challenge(contented)
    must_refuse("a challenge is raised twice", lambda: _challenge(contented))
    must_refuse(
        "results are published whose challenges wait",
        lambda: publish(by=by, round_id=key, seen=seen, reason="In haste."),
    )
    for challenge in challenges:
        answer_challenge(
            by=by, challenge_id=challenge.pk, upheld=True, text="Sign anew. (made up)", site=SITE
        )
    answer_challenge(by=by, challenge_id=refused.pk, upheld=False, text="It is right. (made up)", site=SITE)
    _sign_anew(querying, cast)
    second = release_provisionally(by=by, round_id=key, seen=_checked(survey_round, cast), site=SITE)
    seen = _checked(survey_round, cast)
    must_refuse("results are published early without a word", lambda: publish(by=by, round_id=key, seen=seen))
    published = publish(by=by, round_id=key, seen=seen, reason="Every challenge is answered. (made up)")
    must_refuse("a round is published twice", lambda: publish(by=by, round_id=key))
    held = held_by(published)
    correcting = works_of(works, Course.CORRECTED)
    _sign_anew(correcting, cast)
    note = "One system has corrected an answer. (made up)"
    must_refuse(
        "figures are corrected that nobody has looked at",
        lambda: correct(by=by, round_id=key, note=note, seen=seen),
    )
    corrected = correct(by=by, round_id=key, note=note, seen=_checked(survey_round, cast))
    must_hold("a release stays as it was", held=held_by(published) == held)
    say(
        f"Released provisionally with {len(challenges) + 1} challenges, again after {len(querying)} return, "
        f"published, and corrected after {len(correcting)} more"
    )
    return first, second, published, corrected


def _challenge(work: Work) -> Challenge:
    return raise_challenge(
        by=work.team.lead,
        assessment_id=work.assessment_id,
        text="The first answer is of last year. (made up)",
        dimension_code=work.dimensions[0].code,
        site=SITE,
    )


def _checked(survey_round: Round, cast: Cast) -> str:
    return release_check(cast.administrator, survey_round.pk).prepared.fingerprint


def _sign_anew(works: Sequence[Work], cast: Cast) -> None:
    for work in works:
        return_it(work, cast.administrator, "An answer is to be corrected.", more_time=True)
        correct_and_sign(work, "Corrected. (made up)")
