"""Whom somebody can call into the conversation about an assessment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q

from surveys.models import Assessment, Membership, Organisation, Question, SectionAssignment
from surveys.permissions import Permission, commenters, roles_with
from surveys.queries.assessments import AssessmentState

_SIGN: Final = re.compile(r"(?<![\w.%+-])@")
_WORD: Final = re.compile(r"\w[\w'\u2019-]*")
_LONGEST_NAME: Final = 320


@dataclass(frozen=True)
class Colleague:
    """Somebody who may read and join the conversation. `programme`: they are programme staff."""

    person_id: int
    name: str
    email: str
    role: str
    programme: bool


def colleagues(state: AssessmentState, question_id: int) -> tuple[Colleague, ...]:
    """Return everybody who may comment on a question of an assessment now, in one query.

    Contributors are among them where the question is theirs, and once the assessment is submitted. The
    organisation's own people come first, each family in the order of names. Nobody is there twice.
    """
    dimension = Question.objects.filter(pk=question_id).values("dimension_id")
    handed = SectionAssignment.objects.filter(
        Q(question_id=question_id) | Q(question=None, dimension_id__in=dimension),
        assessment_id=state.id,
        person_id=OuterRef("person_id"),
    )
    rows = commenters(state.id, state.organisation_id).annotate(handed=Exists(handed))
    reading_all = roles_with(Permission.READ_ALL_ANSWERS)
    submitted = state.status == Assessment.Status.SUBMITTED
    found: dict[int, Colleague] = {}
    for post in sorted(rows.select_related("person", "organisation"), key=_order):
        if not (submitted or post.role in reading_all or post.handed):
            continue
        found.setdefault(
            post.person_id,
            Colleague(
                person_id=post.person_id,
                name=post.person.name,
                email=post.person.email,
                role=post.get_role_display(),
                programme=_outside(post),
            ),
        )
    return tuple(found.values())


def _outside(post: Membership) -> bool:
    return post.organisation.kind != Organisation.Kind.ICS


def _order(post: Membership) -> tuple[bool, str, int, int]:
    return (_outside(post), post.person.name.casefold(), post.person_id, post.pk)


@dataclass(frozen=True)
class NamedInText:
    """Whom a text calls by “@Name”, and the words after an @ that are nobody's name."""

    person_ids: frozenset[int]
    unknown: tuple[str, ...]


def named_in(text: str, people: Iterable[Colleague]) -> NamedInText:
    """Return whom `text` calls: an @ with the whole name of one of the people behind it.

    Capitals and the width of spaces do not matter. Several people of one name are all called. An @ within a
    word, as in an e-mail address, calls nobody.
    """
    names: dict[str, set[int]] = {}
    for each in people:
        names.setdefault(_squeezed(each.name).casefold(), set()).add(each.person_id)
    words = _squeezed(text)
    called: set[int] = set()
    unknown: list[str] = []
    for sign in _SIGN.finditer(words):
        behind = words[sign.end() : sign.end() + _LONGEST_NAME].casefold()
        fitting = [name for name in names if _begins_with(behind, name)]
        if fitting:
            called |= names[max(fitting, key=len)]
        elif word := _WORD.match(words, sign.end()):
            unknown.append(word[0])
    return NamedInText(frozenset(called), tuple(dict.fromkeys(unknown)))


def _squeezed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _begins_with(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) :][:1].isalnum()
