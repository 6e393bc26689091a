"""What the audit trail says, in sentences: “Ada Admin extended West Yorkshire: illness”."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from surveys.queries.deadlines import moment_in_words

DEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "round.created": "created {subject} as a draft",
        "round.changed": "changed the details of {subject}",
        "round.participants_chosen": "chose the systems of {subject}|: {systems}",
        "round.opened": "opened {subject}| for {systems}",
        "round.closed": "closed {subject}| when {submitted} of {systems} had submitted",
        "round.reopened": "reopened {subject}| until {closes_at}",
        "round.released_provisionally": "released the provisional results of {subject}",
        "round.published": "published the results of {subject}",
        "round.corrected": "corrected the published results of {subject}| with release {number}",
        "round.results_withdrawn": "withdrew results of {subject}|: {name}",
        "assessment.added": "added {subject}, after the round had opened",
        "assessment.withdrawn": "withdrew {subject}, from the round",
        "assessment.restored": "let {subject}, take part again",
        "round.challenge_time_given": "gave time for challenges of {subject}|, until {challenge_until}",
        "challenge.raised": "challenged the provisional results of {subject}",
        "challenge.answered": "answered a challenge of {subject}|: {outcome}",
        "assessment.extended": "extended {subject}",
        "assessment.sent": "sent {subject}, for sign-off",
        "assessment.submitted": "signed and submitted {subject}",
        "assessment.returned": "returned {subject}",
        "assessment.answers_imported": "imported answers of {subject}|, from {file}",
        "assessment.workbook_taken_in": "took in a workbook of {subject}|, with {answers}",
        "assessment.section_assigned": "handed {part} of {subject}|, to {person}",
        "assessment.section_unassigned": "took back {part} of {subject}|, from {person}",
        "assessment.section_done": "marked {part} of {subject}, as done",
        "assessment.changes_requested": "asked for changes in {part} of {subject}",
        "assessment.colleague_removed": "removed a colleague of {subject}|: {person}",
        "comment.added": "commented on a question of {subject}",
        "comment.withdrawn": "withdrew a comment on a question of {subject}",
        "comment.resolved": "resolved a conversation on a question of {subject}",
        "comment.reopened": "reopened a conversation on a question of {subject}",
        "evidence.added": "added evidence to a question of {subject}",
        "evidence.removed": "removed evidence from a question of {subject}",
        "person.added": "added the account of {subject}",
        "person.changed": "corrected the account of {subject}",
        "person.deactivated": "switched off the account of {subject}",
        "person.reactivated": "switched on the account of {subject}",
        "person.invited": "invited {subject} to choose a password",
        "membership.added": "added the membership of {subject}",
        "membership.ended": "ended the membership of {subject}",
        "organisation.added": "added the organisation {subject}|, from {file}",
        "organisation.changed": "changed the organisation {subject}|, from {file}",
        "organisation.successions_added": "added {subject}|, from {file}",
        "questionnaire.drafted": "kept a draft of the questionnaire {subject}|, from {file}",
        "questionnaire.compared": "mapped the questions of {subject}| to version {previous_version}",
        "questionnaire.published": "published the questionnaire {subject}",
        "questionnaire.discarded": "discarded the draft of the questionnaire {subject}",
        "system_group.saved": "saved the group “{subject}”|, of {systems}",
        "system_group.changed": "changed the group “{subject}”",
        "system_group.deleted": "deleted the group “{subject}”|, of {systems}",
        "reminder.planned": "planned a reminder of {subject}|, {when}",
        "reminder.changed": "changed a planned reminder of {subject}|, {when}",
        "reminder.stopped": "stopped a planned reminder of {subject}|, {when}",
        "reminder.sent": "sent a reminder of {subject}|, to {recipients}",
        "reminder.invited": "sent invitations to {subject}|, to {recipients}",
        "moderation.planned": "planned the moderation of {subject}|: {lead_reviewer} decides, "
        "systems answer until {answers_until}",
        "moderation.reviewer_assigned": "asked for a review of {subject}|, by {person}",
        "moderation.review_ended": "ended a review of {subject}|, by {person}",
        "moderation.proposed": "proposed another level for {subject}|: {proposed} instead of "
        "{self_assessed} on {question}",
        "moderation.accepted": "accepted a proposed level for {subject}|: {proposed} on {question}",
        "moderation.challenged": "challenged a proposed level for {subject}|: {proposed} on {question}",
        "moderation.decided": "decided about a proposed level for {subject}|: {final} on {question}",
        "message.queued_again": "had a message sent again: {subject}",
    }
)
"""What a person did, by verb. `{subject}` is what it was done to; the others are from the event's detail.

What follows a bar is told only of events that have the detail for it.
"""

NOUNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "round": "Rounds",
        "assessment": "Assessments",
        "challenge": "Challenges",
        "comment": "Comments",
        "evidence": "Evidence",
        "person": "Accounts",
        "membership": "Memberships",
        "organisation": "Organisations",
        "questionnaire": "Questionnaires",
        "system_group": "Groups of systems",
        "reminder": "Reminders",
        "moderation": "Moderation",
        "message": "Messages",
    }
)
"""The subjects of verbs, as the headings of a list."""

_BY_A_COMMAND: Final = "A command on the server"
_COUNTED: Final = {"systems": "system", "answers": "answer", "recipients": "recipient"}


def who_in_words(person_id: int | None, person_name: str) -> str:
    """Return who did something; a command that an operator ran has no key."""
    return _BY_A_COMMAND if person_id is None else person_name


def deed_in_words(verb: str, subject: str, detail: Mapping[str, Any]) -> str:
    """Return what was done to what, to follow the name of who did it.

    A verb without words here is told by the verb itself.
    """
    if verb not in DEEDS:
        return f"did this: {verb_in_words(verb)}: {subject}"
    told = {name: _told(name, value) for name, value in detail.items()}
    whole, _, more = DEEDS[verb].partition("|")
    words = whole.format(subject=subject, part=_part(detail))
    try:
        return words + more.format_map(told)
    except KeyError:
        return words


def verb_in_words(verb: str) -> str:
    """Return the verb of an event as people say it: `round.opened` is “Round opened”."""
    words = verb.replace(".", " ").replace("_", " ").replace("signoff", "sign-off")
    return words[:1].upper() + words[1:]


def _told(name: str, value: Any) -> str:
    if name in _COUNTED:
        return _counted(len(value) if isinstance(value, list) else value, _COUNTED[name])
    if name in {"closes_at", "answers_until", "challenge_until"}:
        return moment_in_words(datetime.datetime.fromisoformat(value))
    return str(value)


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _part(detail: Mapping[str, Any]) -> str:
    section = f"the section “{str(detail.get('dimension', '')).replace('_', ' ')}”"
    questions = detail.get("questions")
    return f"{_counted(len(questions), 'question')} of {section}" if questions else section
