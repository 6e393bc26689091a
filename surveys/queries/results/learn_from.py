"""Who could help whom: systems a level or two above that offered to share, and where offers are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from surveys.analysis.rounding import half_up
from surveys.analysis.scores import Score
from surveys.analysis.variation import Spread, spread
from surveys.charts.axis import ScoreAxis, level_axis
from surveys.charts.compared_systems import ComparedRow, ComparedSystems
from surveys.charts.differences import signed
from surveys.charts.offer_balance import BalanceRow, OfferBalance
from surveys.models import Membership, ReleasedAnswer
from surveys.permissions import AnyPerson, Permission, has_anywhere, posts
from surveys.queries.results.levels import Levels, chosen_levels
from surveys.queries.results.measures import axis_of, difference_words, dimension_measure, is_scored, value_of
from surveys.queries.results.own import own_systems
from surveys.queries.results.released import Measure, NoSuchRelease, Released, ReleaseHead, System
from surveys.queries.results.selection import Choice, region_code
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
    offers: tuple[Offer, ...]
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
        lines = [(self.centre, self.own), *((offer.system, offer.score) for offer in self.offers)]
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
    systems = {system.assessment_id: system for system in released.systems}
    own = min(own_systems(person, released), default=None)
    centre = systems.get(assessment_id if assessment_id is not None else own or 0)
    axis = _axis(content, choice)
    offers = _offers(released)
    values = _values(released, choice, chosen_levels(released))
    mine = values.get(centre.assessment_id) if centre is not None else None
    step = (axis.highest - axis.lowest) / STEPS if axis.unit else Decimal(1)
    near = {
        key: value
        for key, value in values.items()
        if mine is not None and value is not None and 1 <= half_up((value - mine) / step, 0) <= FURTHEST
        if region in {"", region_code(systems[key])}
    }
    helping = [system for key, system in systems.items() if key in near and key in offers]
    contacts = _contacts(system.organisation_id for system in helping)
    found = [
        Offer(
            system,
            score=value,
            above=value - mine,
            words=offers[system.assessment_id],
            contacts=contacts.get(system.organisation_id, ()),
        )
        for system in helping
        if mine is not None and (value := near[system.assessment_id]) is not None
    ]
    staff = released.whole and has_anywhere(person, Permission.SEE_ALL_RESULTS)
    return LearnFrom(
        released=released,
        centre=centre,
        about=choice,
        axis=axis,
        own=mine,
        offers=tuple(sorted(found, key=lambda each: each.above)),
        silent=len(near) - len(helping),
        spread=_spread(values, released.of) if released.whole else None,
        balance=_balance(content, released, axis_of(content), offers) if staff else (),
        region=next((each.region_name for each in released.systems if region == region_code(each)), ""),
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


def _values(released: Released, choice: Choice, levels: Levels) -> dict[int, Decimal | None]:
    kind, _, code = choice.code.partition("-")
    if kind == "question":
        return {key: Decimal(level) for key, level in levels.get(code, {}).items()}
    return {
        system.assessment_id: value_of(system.score(Measure.DIMENSION, code)) for system in released.systems
    }


def _spread(values: Mapping[int, Decimal | None], of: int) -> Spread | None:
    return spread([value for value in values.values() if value is not None], of)


def _offers(released: Released) -> dict[int, str]:
    """Return what each system wrote for others to see, by assessment key; only with its consent."""
    asked = [question.code for question in released.instrument.content.questions if question.consent]
    rows = (
        ReleasedAnswer.objects.filter(
            release=released.head.id,
            assessment__in=[system.assessment_id for system in released.systems],
            question__code__in=asked,
            consent=True,
        )
        .exclude(text="")
        .order_by("question__position", "question__pk")
    )
    found: dict[int, str] = {}
    for assessment_id, text in rows.values_list("assessment_id", "text"):
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
    content: Questionnaire, released: Released, axis: ScoreAxis, offers: Mapping[int, str]
) -> tuple[BalanceRow, ...]:
    middle = (axis.lowest + axis.highest) / 2
    rows = []
    for dimension in content.dimensions:
        if is_scored(dimension):
            name = dimension_measure(dimension)
            values = {
                system.assessment_id: value
                for system in released.systems
                if (value := value_of(system.score(name.measure, name.code))) is not None
            }
            below = sum(value < middle for value in values.values())
            offering = sum(value >= middle and key in offers for key, value in values.items())
            rows.append(BalanceRow(dimension.name, below, offering, len(values)))
    return tuple(rows)


def _as_score(system: System, about: Choice, value: Decimal) -> Score:
    kind, _, code = about.code.partition("-")
    score = system.score(Measure.DIMENSION, code) if kind == "dimension" else None
    return score if score is not None else Score(value, answered=1, of=1)
