"""Telling people of provisional results to check, of challenges, and of the answers to them."""

from __future__ import annotations

from django.db.models import QuerySet

from surveys import emails
from surveys.actions.mail import queue_mail
from surveys.models import Assessment, Challenge, Membership, Message, Person, Round
from surveys.permissions import Permission, roles_with
from surveys.queries.releases import latest_release


def tell_of_results(survey_round: Round, until: str, *, by: Person | None, site: str) -> None:
    """Tell leads and approvers of every system with results until when they may be challenged.

    In all of these, `site` is without a path; empty sends nothing. `until` is in words.
    """
    release = latest_release(survey_round)
    if not site or release is None:
        return
    rows = Assessment.objects.taking_part().filter(released_submissions__release=release)
    systems = {row.organisation_id: row for row in rows.select_related("round")}
    posts = _holders(Permission.CHALLENGE).filter(organisation__in=systems)
    for person, organisation_id in dict.fromkeys((post.person, post.organisation_id) for post in posts):
        assessment = systems[organisation_id]
        mail = emails.results_to_check(person, assessment, until, site=site)
        _queue(mail, Message.Kind.RESULTS_TO_CHECK, person, assessment, by)


def tell_of_challenge(challenge: Challenge, *, by: Person, site: str) -> None:
    """Tell the administrators that a challenge waits for an answer."""
    assessment = challenge.assessment
    for person in _people(_holders(Permission.MANAGE)) if site else ():
        mail = emails.challenge_raised(person, assessment, challenge.pk, site=site, by=by.name)
        _queue(mail, Message.Kind.CHALLENGE_RAISED, person, assessment, by)


def tell_of_answer(challenge: Challenge, outcome: str, *, by: Person, site: str) -> None:
    """Tell leads and approvers of the system how its challenge was answered."""
    assessment = challenge.assessment
    posts = _holders(Permission.CHALLENGE).filter(organisation=assessment.organisation_id)
    for person in _people(posts) if site else ():
        mail = emails.challenge_answered(person, assessment, outcome, site=site)
        _queue(mail, Message.Kind.CHALLENGE_ANSWERED, person, assessment, by)


def _holders(permission: Permission) -> QuerySet[Membership]:
    posts = Membership.objects.current().filter(role__in=roles_with(permission), person__is_active=True)
    return posts.select_related("person").order_by("person__name", "pk")


def _people(posts: QuerySet[Membership]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(post.person for post in posts))


def _queue(
    mail: emails.Mail, kind: Message.Kind, person: Person, assessment: Assessment, by: Person | None
) -> None:
    queue_mail(
        mail=mail, kind=kind, person=person, by=by, round_id=assessment.round_id, assessment_id=assessment.pk
    )
