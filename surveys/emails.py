"""The messages that the service sends: one function for each. They write; surveys.actions.mail sends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from surveys.models import Assessment, Person, Submission
from surveys.models.mail import KEY_TO_COME
from surveys.queries.assessments import AssessmentState
from surveys.queries.deadlines import moment_in_words
from surveys.queries.reminder_recipients import Recipient
from surveys.queries.reminder_words import Wording, filled
from surveys.questionnaires.schema import Dimension


@dataclass(frozen=True)
class Mail:
    """A message that is ready to be queued: an e-mail address, a subject in one line, a plain text.

    In the text, KEY_TO_COME stands for the single-use key of a link.
    """

    to: str
    subject: str
    body: str


def password_path(person: Person, key: str | None = None) -> str:
    """Return the address, from / on, at which a person sets a password. It works once, for a day.

    Without a `key`, one is made: the day begins now.
    """
    who = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("choose_password", args=[who, key or default_token_generator.make_token(person)])


def invitation(person: Person, *, site: str, invited_by: str, organisation: str = "") -> Mail:
    """Invite a new person to set a password. `site` is the address of the service without a path.

    `organisation` is named where they are invited to answer for one.
    """
    return Mail(
        to=person.email,
        subject=f"Set your password for the {settings.SERVICE_NAME}",
        body=_text(
            "invitation",
            person,
            site,
            invited_by=invited_by,
            organisation=organisation,
            ask_again=site.rstrip("/") + reverse("password_link"),
        ),
    )


def reminder(recipient: Recipient, wording: Wording, *, site: str) -> Mail:
    """Remind somebody of what they have left, in an administrator's words. `site` has no path."""
    values = {**recipient.values, "link": site.rstrip("/") + recipient.path}
    context = {
        "text": filled(wording.body, values),
        "organisation": recipient.organisation_name,
        "round_title": recipient.values["round"],
        "support_email": settings.SUPPORT_EMAIL,
    }
    return Mail(
        to=recipient.person.email,
        subject=filled(wording.subject, values),
        body=render_to_string("emails/reminder.txt", context),
    )


def password_link(person: Person, *, site: str) -> Mail:
    """Send a person the link that they asked for. `site` is the address of the service without a path."""
    return Mail(
        to=person.email,
        subject=f"Choose a password for the {settings.SERVICE_NAME}",
        body=_text("password_link", person, site),
    )


def sent_for_signoff(person: Person, state: AssessmentState, *, site: str, by: str) -> Mail:
    """Ask an approver to read and sign an assessment. `site` is the address of the service without a path."""
    return Mail(
        to=person.email,
        subject=f"For your sign-off: {state.organisation_name}, {state.round_title}",
        body=_about_work("sent_for_signoff", person, state, site, reverse("signoff", args=[state.id]), by=by),
    )


def returned(person: Person, state: AssessmentState, *, site: str, by: str) -> Mail:
    """Tell a person that an assessment was returned for changes. The reason stays on the site."""
    return Mail(
        to=person.email,
        subject=f"Returned for changes: {state.organisation_name}, {state.round_title}",
        body=_about_work(
            "returned",
            person,
            state,
            site,
            reverse("assessment", args=[state.id]),
            by=by,
            shut=state.window.shut(state.now),
        ),
    )


def submitted(person: Person, state: AssessmentState, copy: Submission, *, site: str) -> Mail:
    """Tell a person that an assessment was signed, with the SHA-256: a record of it outside the site."""
    return Mail(
        to=person.email,
        subject=f"Signed and submitted: {state.organisation_name}, {state.round_title}",
        body=_about_work(
            "submitted",
            person,
            state,
            site,
            reverse("submission", args=[state.id, copy.number]),
            by=copy.signed_by_name,
            number=str(copy.number),
            sha256=copy.sha256,
        ),
    )


def review_assigned(person: Person, assessment: Assessment, *, site: str, by: str) -> Mail:
    """Ask a person to review a signed copy. In this and the next three, `site` has no path.

    `assessment` was read with its round.
    """
    return Mail(
        to=person.email,
        subject=f"{by} asks you to review {assessment.organisation_name}, {assessment.round.title}",
        body=_about_moderation("review_assigned", person, assessment, site, by=by),
    )


def levels_proposed(person: Person, assessment: Assessment, *, site: str, until: datetime.datetime) -> Mail:
    """Ask a person to answer, for their system, the levels that are proposed, before `until`."""
    return Mail(
        to=person.email,
        subject=f"Levels proposed for your answer: {_named(assessment)}",
        body=_about_moderation("levels_proposed", person, assessment, site, until=moment_in_words(until)),
    )


def proposals_answered(
    person: Person, assessment: Assessment, *, site: str, challenged: int, decides: bool
) -> Mail:
    """Tell a reviewer that a system has answered, or ask the one who `decides` to decide."""
    return Mail(
        to=person.email,
        subject=f"The proposed levels are answered: {_named(assessment)}",
        body=_about_moderation(
            "proposals_answered", person, assessment, site, challenged=challenged, decides=decides
        ),
    )


def levels_decided(person: Person, assessment: Assessment, *, site: str) -> Mail:
    """Tell a person that every level proposed for a system has a final one."""
    return Mail(
        to=person.email,
        subject=f"The proposed levels are decided: {_named(assessment)}",
        body=_about_moderation("levels_decided", person, assessment, site),
    )


def _named(assessment: Assessment) -> str:
    return f"{assessment.organisation_name}, {assessment.round.title}"


def _about_moderation(
    template: str, person: Person, assessment: Assessment, site: str, **more: str | int
) -> str:
    context = {
        "person": person,
        "organisation": assessment.organisation_name,
        "round_title": assessment.round.title,
        "link": site.rstrip("/") + reverse("assessment_moderation", args=[assessment.pk]),
        "support_email": settings.SUPPORT_EMAIL,
    }
    return render_to_string(f"emails/{template}.txt", context | more)


def mention(person: Person, state: AssessmentState, *, site: str, by: str, question: str, path: str) -> Mail:
    """Tell a person that a comment calls them in. `site` has no path; `path` leads from / to the comment.

    The words of the comment stay on the site: an e-mail may be read, and forwarded, by others.
    """
    return Mail(
        to=person.email,
        subject=f"{by} mentions you in a comment: {state.organisation_name}",
        body=_about_work("mention", person, state, site, path, by=by, question=question),
    )


def handed_over(person: Person, state: AssessmentState, *, site: str, by: str) -> Mail:
    """Tell a person that work on an assessment was handed to them. `site` has no path."""
    return Mail(
        to=person.email,
        subject=f"{by} asks you to answer questions: {state.organisation_name}",
        body=_about_work("handed_over", person, state, site, reverse("my_questions", args=[state.id]), by=by),
    )


def section_done(person: Person, state: AssessmentState, section: Dimension, *, site: str, by: str) -> Mail:
    """Tell whoever coordinates the answers that a section is done. `site` has no path.

    The note that may go with it stays on the site, as the words of comments do.
    """
    return Mail(
        to=person.email,
        subject=f"{section.name} is done: {state.organisation_name}",
        body=_about_section("section_done", person, state, section, site, by),
    )


def changes_requested(
    person: Person, state: AssessmentState, section: Dimension, *, site: str, by: str
) -> Mail:
    """Tell whoever answers a section that changes are requested. `site` has no path; the note stays there."""
    return Mail(
        to=person.email,
        subject=f"{by} asks for changes in {section.name}: {state.organisation_name}",
        body=_about_section("changes_requested", person, state, section, site, by),
    )


def results_to_check(person: Person, assessment: Assessment, until: str, *, site: str) -> Mail:
    """Ask a person to check the provisional results of their system. `until` is in words; no path in `site`.

    The results stay on the site: they are not for publication.
    """
    path = reverse("system_challenges", args=[assessment.pk])
    return Mail(
        to=person.email,
        subject=f"Provisional results to check: {assessment.organisation_name}, {assessment.round.title}",
        body=_about_challenges("results_to_check", person, assessment, site.rstrip("/") + path, until=until),
    )


def challenge_raised(
    person: Person, assessment: Assessment, challenge_id: int, *, site: str, by: str
) -> Mail:
    """Tell an administrator that a system challenges its results; the words stay on the site.

    `site` has no path.
    """
    path = reverse("answer_challenge", args=[challenge_id])
    return Mail(
        to=person.email,
        subject=f"Challenge to answer: {assessment.organisation_name}, {assessment.round.title}",
        body=_about_challenges("challenge_raised", person, assessment, site.rstrip("/") + path, by=by),
    )


def challenge_answered(person: Person, assessment: Assessment, outcome: str, *, site: str) -> Mail:
    """Tell a person how a challenge of their system was answered; the words stay on the site.

    `site` has no path.
    """
    link = site.rstrip("/") + reverse("system_challenges", args=[assessment.pk])
    return Mail(
        to=person.email,
        subject=f"Challenge {outcome}: {assessment.organisation_name}, {assessment.round.title}",
        body=_about_challenges("challenge_answered", person, assessment, link, outcome=outcome),
    )


def _about_challenges(template: str, person: Person, assessment: Assessment, link: str, **more: str) -> str:
    context = {
        "person": person,
        "organisation": assessment.organisation_name,
        "round_title": assessment.round.title,
        "link": link,
        "support_email": settings.SUPPORT_EMAIL,
    }
    return render_to_string(f"emails/{template}.txt", context | more)


def _about_section(
    template: str, person: Person, state: AssessmentState, section: Dimension, site: str, by: str
) -> str:
    path = reverse("section_marks", args=[state.id, section.code])
    return _about_work(template, person, state, site, path, by=by, section=section.name)


def _about_work(
    template: str, person: Person, state: AssessmentState, site: str, path: str, **more: str
) -> str:
    context = {
        "person": person,
        "organisation": state.organisation_name,
        "round_title": state.round_title,
        "deadline": state.window.deadline_in_words,
        "link": site.rstrip("/") + path,
        "support_email": settings.SUPPORT_EMAIL,
    }
    return render_to_string(f"emails/{template}.txt", context | more)


def _text(template: str, person: Person, site: str, **more: str) -> str:
    context = {
        "person": person,
        "service_name": settings.SERVICE_NAME,
        "link": site.rstrip("/") + password_path(person, KEY_TO_COME),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "support_email": settings.SUPPORT_EMAIL,
    }
    return render_to_string(f"emails/{template}.txt", context | more)
