"""Who could help whom: systems a level or two above that offered to share, and where offers are missing."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil

from django.db.models import QuerySet

from surveys.analysis.scores import SCORE_PLACES, Score
from surveys.analysis.variation import Spread, spread
from surveys.charts.axis import ScoreAxis, level_axis
from surveys.charts.compared_systems import ComparedRow, ComparedSystems
from surveys.charts.differences import signed
from surveys.charts.offer_balance import BalanceRow, OfferBalance
from surveys.models import Membership, ReleasedAnswer
from surveys.permissions import AnyPerson, Permission, has_anywhere, posts
from surveys.queries.results.levels import NO_LEVEL, levels_of
from surveys.queries.results.measures import axis_of, difference_words, dimension_measure, is_scored
from surveys.queries.results.own import own_systems
from surveys.queries.results.released import Measure, NoSuchRelease, Released, ReleaseHead
from surveys.queries.results.selection import Choice
from surveys.queries.results.systems import NO_VALUE, Lines, System, Systems
from surveys.questionnaires.schema import QuestionKind, Questionnaire
from surveys.wording import counted

FURTHEST = 2
"""How many levels above a system another may stand to be named: further off, practice hardly carries over."""

STEPS = 4
"""How many levels wide a scale is taken to be where its scores are percentages."""

BELOW = "Systems below the middle of the scale"
OFFERING = "Systems at or above it that offer to share"


@dataclass(frozen=True)
class Contact:
    """Whom to ask: a data lead of the system."""

    name: str
    email: str


@dataclass(frozen=True)
class Offer:
    """A system that offers to share, with its score and how far it lies above, what it wrote, whom to ask."""

    system: System
    score: Decimal
    above: Decimal
    words: str
    contacts: tuple[Contact, ...]

    @property
    def above_shown(self) -> str:
        """How far it lies above, with its sign."""
        return signed(self.above)


@dataclass(frozen=True)
class LearnFrom:
    """Offers for one system on a dimension or a question: the nearest above first, then by region and name.

    `shown` are those that the page names: all of them, unless there are many systems and it says which.

    `centre` None: no system was chosen. `own` is its score, None where it has none. `silent` counts the
    systems that stand as far above and did not offer. `spread` is of all systems, None unless all are seen.
    `balance` is for programme staff. `region` is the name of the only region that is looked at for help, if
    there is one.
    """

    released: Released
    centre: System | None
    about: Choice
    axis: ScoreAxis
    own: Decimal | None
    offers: Sequence[Offer]
    shown: tuple[Offer, ...]
    silent: int
    spread: Spread | None
    balance: tuple[BalanceRow, ...]
    region: str = ""

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def title(self) -> str:
        """What the view finds, in one line."""
        if self.centre is None:
            return self._scarcest or "Who could help whom"
        if self.own is None:
            return f"{self.centre.name} has no score on “{self.about.name}”"
        if not self.offers:
            return (
                f"Nobody{self._there} a level or two above {self.centre.name} offers to share "
                f"on “{self.about.name}”"
            )
        many = counted(len(self.offers), "system")
        stand = "stands" if len(self.offers) == 1 else "stand"
        return (
            f"{many}{self._there} that could help {self.centre.name} {stand} above it on “{self.about.name}”"
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """How the systems were found."""
        if self.centre is None or self.own is None:
            return ()
        return (
            (
                f"{self.centre.name} has {self.axis.write(self.own)}. Named are systems one or two levels "
                "above it that agreed to show other systems what they could share."
            ),
            f"As far above{self._there}, but without an offer: {counted(self.silent, 'system')}.",
        )

    @cached_property
    def chart(self) -> ComparedSystems | None:
        """The chosen system and those that could help it; None without any."""
        if self.centre is None or self.own is None or not self.offers:
            return None
        lines = [(self.centre, self.own), *((offer.system, offer.score) for offer in self.shown)]
        return ComparedSystems(
            title=self.title,
            subtitle=f"{len(self.offers)} of {counted(len(self.offers) + self.silent, 'system')} one or two "
            f"levels above offer to share. {self.head.source}",
            axis=self.axis,
            systems=tuple(system.name for system, _ in lines),
            rows=(
                ComparedRow(
                    self.about.name,
                    self.spread,
                    tuple(_as_score(system, self.about, value) for system, value in lines),
                ),
            ),
            kind="About",
        )

    @cached_property
    def balance_chart(self) -> OfferBalance | None:
        """How many systems could use help on each dimension and how many offer it; None for others."""
        if not self.balance:
            return None
        return OfferBalance(
            title=self._scarcest or "Offers to share on each dimension",
            subtitle=f"{self.released.responded} of {counted(self.released.of, 'system')} submitted. "
            f"{self.head.source}",
            below=BELOW,
            offer=OFFERING,
            rows=self.balance,
        )

    @property
    def _there(self) -> str:
        return f" in {self.region}" if self.region else ""

    @property
    def unit(self) -> str:
        """The unit of how far a system lies above."""
        return difference_words(self.axis)

    @property
    def _scarcest(self) -> str:
        wanted = [row for row in self.balance if row.below]
        if not wanted:
            return ""
        row = max(wanted, key=lambda each: (Decimal(each.below) / max(each.offer, 1), each.below))
        systems, offers = counted(row.below, "system"), counted(row.offer, "offer")
        return f"Fewest offers for those who could use them: “{row.name}”, {systems} and {offers}"


def about_choices(content: Questionnaire) -> tuple[Choice, ...]:
    """Return what help can be about: each scored dimension, then each scored question with levels."""
    scored = [dimension for dimension in content.dimensions if is_scored(dimension)]
    return (
        *(Choice(f"dimension-{each.code}", each.name) for each in scored),
        *(
            Choice(f"question-{question.code}", question.text)
            for each in scored
            for question in each.all_questions
            if question.scored and question.kind is QuestionKind.MATURITY
        ),
    )


def learn_from(
    person: AnyPerson, released: Released, about: str, assessment_id: int | None, region: str = ""
) -> LearnFrom:
    """Return who could help a system: three queries, two once the levels have been read.

    `about` is one of `about_choices`, the first when empty; without a system it is the person's own. With the
    code of a `region`, only its systems are looked at for help. Offers were made to other systems, so
    whoever belongs to none is told of no release (NoSuchRelease).
    """
    if not posts(person):
        raise NoSuchRelease
    content = released.instrument.content
    choice = _chosen(content, about)
    own = min(own_systems(person, released), default=None)
    centre = released.systems.find(assessment_id if assessment_id is not None else own or 0)
    axis = _axis(content, choice)
    scores = _Scores(released, choice)
    place = released.systems.columns.places[centre.assessment_id] if centre is not None else None
    mine = scores.at(place) if place is not None else None
    offering = _offering(released)
    near = _above(scores, mine, axis, released.systems.in_region(region)) if mine is not None else ()
    helping = sorted((place for place in near if offering[place]), key=scores.figures.__getitem__)
    able = Systems(released.systems.columns, helping)
    offers: Sequence[Offer] = Lines(able, lambda systems: _offers(scores, mine or 0, systems))
    if not released.systems.many:
        offers = tuple(offers)
    staff = released.whole and has_anywhere(person, Permission.SEE_ALL_RESULTS)
    return LearnFrom(
        released=released,
        centre=centre,
        about=choice,
        axis=axis,
        own=None if mine is None else scores.decimal(mine),
        offers=offers,
        shown=offers if isinstance(offers, tuple) else (),
        silent=len(near) - len(helping),
        spread=scores.spread if released.whole else None,
        balance=_balance(content, released, axis_of(content), offering) if staff else (),
        region=released.systems.regions.get(region, ""),
    )


class _Scores:
    """What every system scored on what help is about, by place and in the unit of the last place of a score.

    The levels of a question have no places: they are whole.
    """

    def __init__(self, released: Released, choice: Choice) -> None:
        self.released = released
        self.kind, _, self.code = choice.code.partition("-")
        self.places = 0 if self.kind == "question" else SCORE_PLACES
        self._nothing = NO_LEVEL if self.kind == "question" else NO_VALUE
        self.figures = levels_of(released, self.code) if self.kind == "question" else self._column()

    def _column(self) -> array[int]:
        columns = self.released.systems.columns
        column = columns.scores.get((Measure.DIMENSION.value, self.code))
        return column.values if column is not None else array("q", [NO_VALUE]) * len(columns.names)

    def at(self, place: int) -> int | None:
        """Return the score of the system at a place; None without one."""
        figure = self.figures[place]
        return None if figure == self._nothing else figure

    def between(self, lowest: int, end: int, systems: Systems) -> list[int]:
        """Return the places of the systems that score at least the lowest and less than the end."""
        figures = self.figures
        return [place for place in systems.places if lowest <= figures[place] < end]

    def decimal(self, figure: int) -> Decimal:
        """Return a score, or a difference of two, as people know it."""
        return Decimal(figure).scaleb(-self.places)

    @property
    def spread(self) -> Spread | None:
        """How the scores of all systems spread."""
        systems = self.released.systems
        if self.kind != "question":
            return systems.spread(Measure.DIMENSION, self.code)

        def found() -> Spread | None:
            known = (self.figures[place] for place in systems.places)
            return spread([Decimal(level) for level in known if level != NO_LEVEL], len(systems))

        return systems.kept(("spread of levels", self.code), found)


def _above(scores: _Scores, mine: int, axis: ScoreAxis, systems: Systems) -> list[int]:
    """Return the places of the systems that stand one to `FURTHEST` levels above, in whole levels."""
    level = (axis.highest - axis.lowest) / STEPS if axis.unit else Decimal(1)
    half = level.scaleb(scores.places) / 2
    return scores.between(mine + ceil(half), mine + ceil((2 * FURTHEST + 1) * half), systems)


def _offers(scores: _Scores, mine: int, systems: Sequence[System]) -> Iterator[Offer]:
    words = _words(scores.released, systems)
    contacts = _contacts(system.organisation_id for system in systems)
    places = scores.released.systems.columns.places
    for system in systems:
        figure = scores.figures[places[system.assessment_id]]
        yield Offer(
            system,
            score=scores.decimal(figure),
            above=scores.decimal(figure - mine),
            words=words[system.assessment_id],
            contacts=contacts.get(system.organisation_id, ()),
        )


def _chosen(content: Questionnaire, about: str) -> Choice:
    choices = about_choices(content)
    usual = choices[0] if choices else Choice("dimension-", "any dimension")
    return next((choice for choice in choices if choice.code == about), usual)


def _axis(content: Questionnaire, choice: Choice) -> ScoreAxis:
    kind, _, code = choice.code.partition("-")
    if kind == "question":
        return level_axis([(level.value, level.name) for level in content.question(code).levels])
    return axis_of(content)


def _offered(released: Released) -> QuerySet[ReleasedAnswer]:
    """Return the answers in which systems agreed to show others what they could share."""
    asked = [question.code for question in released.instrument.content.questions if question.consent]
    return ReleasedAnswer.objects.filter(
        release=released.head.id, question__code__in=asked, consent=True
    ).exclude(text="")


def _offering(released: Released) -> bytearray:
    """Return by place which systems offer to share: one query, or none again where all are seen."""

    def read() -> bytearray:
        places = released.systems.columns.places
        found = bytearray(len(places))
        rows = _offered(released)
        if not released.whole:
            rows = rows.filter(assessment__in=list(places))
        for key in rows.values_list("assessment_id", flat=True):
            found[places[key]] = True
        return found

    return released.systems.kept("offering", read)


def _words(released: Released, systems: Sequence[System]) -> dict[int, str]:
    """Return what these systems wrote for others to see, by assessment key; only with their consent."""
    rows = _offered(released).filter(assessment__in=[system.assessment_id for system in systems])
    found: dict[int, str] = {}
    for assessment_id, text in rows.order_by("question__position", "question__pk").values_list(
        "assessment_id", "text"
    ):
        found[assessment_id] = "\n\n".join(part for part in (found.get(assessment_id), text) if part)
    return found


def _contacts(organisation_ids: Iterable[int]) -> Mapping[int, tuple[Contact, ...]]:
    found: dict[int, tuple[Contact, ...]] = {}
    posts_there = Membership.objects.current().filter(
        organisation__in=list(organisation_ids), role=Membership.Role.LEAD, person__is_active=True
    )
    for organisation_id, name, email in posts_there.order_by("person__name", "pk").values_list(
        "organisation_id", "person__name", "person__email"
    ):
        found[organisation_id] = (*found.get(organisation_id, ()), Contact(name, email))
    return found


def _balance(
    content: Questionnaire, released: Released, axis: ScoreAxis, offering: bytearray
) -> tuple[BalanceRow, ...]:
    middle = int(((axis.lowest + axis.highest) / 2).scaleb(SCORE_PLACES))
    systems = released.systems

    def rows() -> Iterator[BalanceRow]:
        for dimension in content.dimensions:
            if is_scored(dimension):
                name = dimension_measure(dimension)
                values = {
                    place: value
                    for place in systems.places
                    if (value := systems.value(place, name.measure, name.code)) is not None
                }
                below = sum(value < middle for value in values.values())
                able = sum(value >= middle and offering[place] for place, value in values.items())
                yield BalanceRow(dimension.name, below, able, len(values))

    return systems.kept("balance", lambda: tuple(rows()))


def _as_score(system: System, about: Choice, value: Decimal) -> Score:
    kind, _, code = about.code.partition("-")
    score = system.score(Measure.DIMENSION, code) if kind == "dimension" else None
    return score if score is not None else Score(value, answered=1, of=1)
