"""Two rounds side by side: what each system scores in both on the questions that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from surveys.analysis.change import Change, change
from surveys.analysis.scores import Item, Score
from surveys.models import ReleasedAnswer
from surveys.permissions import AnyPerson
from surveys.queries.instruments import instrument
from surveys.queries.results.change import comparable_codes
from surveys.queries.results.counted_changes import CountedChanges, can_be_counted, count_changes
from surveys.queries.results.released import Released, ReleaseHead, head_of, published_before
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.scoring import item, scorer_of

TOGETHER = ""
"""The code of all comparable questions taken together."""


@dataclass(frozen=True)
class Standing:
    """One organisation in both rounds, by code of the dimension or `TOGETHER`.

    `changes` is empty unless it answered in both; `then` has what it scored in the earlier round on the
    comparable questions, None without an answer there.
    """

    name_then: str
    changes: Mapping[str, Change]
    then: Mapping[str, Score] | None
    answered_now: bool


def earlier_rounds(person: AnyPerson, released: Released) -> tuple[ReleaseHead, ...]:
    """Return the newest published release of each earlier round of the same questionnaire: one query.

    The last to close first; only rounds that the person may read.
    """
    found: dict[int, ReleaseHead] = {}
    for release in published_before(person, released):
        found.setdefault(release.round_id, head_of(release))
    return tuple(found.values())


def compared(now: Questionnaire, then: Questionnaire) -> dict[str, dict[str, str]]:
    """Return for each dimension, and for all together, the comparable scored questions by code."""
    codes = comparable_codes(now, then)
    scored = {question.code for question in now.questions if question.scored}
    found = {
        dimension.code: {
            question.code: codes[question.code]
            for question in dimension.all_questions
            if question.code in codes and question.code in scored
        }
        for dimension in now.dimensions
    }
    return {TOGETHER: {new: old for each in found.values() for new, old in each.items()}, **found}


@dataclass(frozen=True)
class Standings:
    """Finds an organisation by its key; None when it answered in neither round.

    `of` is for the systems of the later round. `origin` is for what they were made from, and alone says what
    it scored in the earlier round.
    """

    of: Callable[[int], Standing | None]
    origin: Callable[[int], Standing | None]


def standings(released: Released, then: ReleaseHead) -> Standings:
    """Return every organisation that answered in either release: one query, or none again.

    Of many systems, five queries; one more for each origin. Somebody who sees only some systems of the
    later release finds those alone.
    """
    ids = (released.head.id, then.id)
    questionnaires = (released.head.questionnaire_id, then.questionnaire_id)
    systems = released.systems
    if not released.whole:
        found = _standings(ids, questionnaires, [system.organisation_id for system in systems])
        return Standings(found.get, found.get)
    later, earlier = (instrument(each).content for each in questionnaires)
    codes = compared(later, earlier)

    def origin(organisation_id: int) -> Standing | None:
        return systems.kept(
            ("origin", then.id, organisation_id),
            lambda: _standings(ids, questionnaires, [organisation_id]).get(organisation_id),
        )

    if not systems.many or not can_be_counted(later, earlier, codes[TOGETHER]):
        organisations = systems.columns.organisations
        found = systems.kept(("standings", then.id), lambda: _standings(ids, questionnaires, organisations))
        return Standings(found.get, origin)
    counted = systems.kept(
        ("counted changes", then.id),
        lambda: count_changes(systems, released.head, then, codes),
    )

    def of(organisation_id: int) -> Standing | None:
        place = systems.place_of(organisation_id)
        return None if place is None else _counted(counted, place, codes)

    return Standings(of, origin)


class _ChangesOfOne(Mapping[str, Change]):
    """The changes of one system, each put together when it is asked for."""

    def __init__(self, counted: CountedChanges, place: int, codes: Collection[str]) -> None:
        self._counted, self._place, self._codes = counted, place, codes

    def __getitem__(self, code: str) -> Change:
        return self._counted.change(self._place, code)

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


def _counted(counted: CountedChanges, place: int, codes: Collection[str]) -> Standing | None:
    now, then = bool(counted.answered_now[place]), bool(counted.answered_then[place])
    if not now and not then:
        return None
    changes = _ChangesOfOne(counted, place, codes) if now and then else {}
    return Standing(name_then="", changes=changes, then={} if then else None, answered_now=now)


def _standings(
    ids: tuple[int, int], questionnaires: tuple[int, int], organisations: Iterable[int]
) -> dict[int, Standing]:
    now, then = (instrument(each).content for each in questionnaires)
    rows = ReleasedAnswer.objects.filter(release_id__in=ids, assessment__organisation__in=list(organisations))
    answers: dict[int, dict[int, dict[str, Response]]] = {each: {} for each in ids}
    names: dict[int, str] = {}
    for row in rows.select_related("question", "assessment"):
        organisation = row.assessment.organisation_id
        answers[row.release_id].setdefault(organisation, {})[row.question.code] = row.response
        if row.release_id == ids[1]:
            names[organisation] = row.assessment.organisation_name
    codes = compared(now, then)
    return {
        organisation: _standing(
            now, then, codes, names, organisation, [answers[each].get(organisation) for each in ids]
        )
        for organisation in {*answers[ids[0]], *answers[ids[1]]}
    }


def _standing(
    now: Questionnaire,
    then: Questionnaire,
    codes: Mapping[str, Mapping[str, str]],
    names: Mapping[int, str],
    organisation: int,
    given: list[dict[str, Response] | None],
) -> Standing:
    later, earlier = given
    items_now, items_then = _items(now, later), _items(then, earlier)
    scorer = scorer_of(now)
    changes = {
        code: change(items_then.values(), items_now.values(), pairs, scorer, now.minimum_share)
        for code, pairs in codes.items()
        if later is not None and earlier is not None
    }
    scores = {
        code: scorer([items_then[old] for old in pairs.values() if old in items_then], now.minimum_share)
        for code, pairs in codes.items()
    }
    return Standing(
        name_then=names.get(organisation, ""),
        changes=changes,
        then=scores if earlier is not None else None,
        answered_now=later is not None,
    )


def _items(content: Questionnaire, responses: Mapping[str, Response] | None) -> dict[str, Item]:
    if responses is None:
        return {}
    on_view = asked(content, responses)
    return {
        question.code: item(question, responses.get(question.code, EMPTY), content.scoring)
        for question in content.questions
        if question.scored and question.code in on_view
    }
