"""One system's results: each dimension against all systems, its region and its own earlier round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from surveys.analysis.change import Change
from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.charts.differences import signed
from surveys.charts.system_profile import ProfileRow, SystemProfile
from surveys.charts.table import why_missing
from surveys.permissions import AnyPerson, posts
from surveys.queries.results.change import Earlier, earlier
from surveys.queries.results.levels import chosen_levels, counted_levels
from surveys.queries.results.measures import (
    MeasureName,
    Summary,
    axis_of,
    combined_measures,
    difference_words,
    dimension_measure,
    is_scored,
    section_measures,
    summarise,
    value_of,
)
from surveys.queries.results.moderated import moderated_in, moderated_in_words
from surveys.queries.results.nearest import NONE_NEAR, Nearest, nearest
from surveys.queries.results.released import Released, ReleaseHead, read
from surveys.queries.results.selection import region_code
from surveys.queries.results.strengths import Distance, LowQuestion, gaps, lowest_questions, strengths
from surveys.queries.results.systems import Signature, System
from surveys.wording import counted

NEAREST = "the nearest systems"
"""What the systems most like one are called together."""


@dataclass(frozen=True)
class ProfileLine:
    """One measure of the system: its score, and how those of all systems and of its region's spread.

    The summaries are None where the person does not see every system, `peers` also where none are near.
    `change` is on comparable questions, None without an earlier round.
    """

    name: MeasureName
    axis: ScoreAxis
    score: Score | None
    national: Summary | None
    region: Summary | None
    peers: Summary | None = None
    change: Change | None = None

    @property
    def value(self) -> Decimal | None:
        """The score's value."""
        return value_of(self.score)

    @property
    def shown(self) -> str:
        """The score as people read it, or why there is none."""
        return why_missing(self.score) if self.value is None else self.name.write(self.value, self.axis)

    @property
    def count(self) -> str:
        """How many questions, or dimensions, are behind the score of how many; empty without a response."""
        return f"{self.score.answered} of {self.score.of}" if self.score else ""

    @property
    def changed(self) -> str:
        """The change since the earlier round with the number of questions it is made of; empty for none."""
        return change_in_words(self.change, self.axis)

    @property
    def drawn_before(self) -> Decimal | None:
        """The earlier score that may stand beside this one in a chart.

        Only where the comparable questions are all that this score is made of: otherwise the distance between
        the two marks would not be the change.
        """
        if self.change is None or self.change.difference is None or self.change.after.value != self.value:
            return None
        return self.change.before.value


@dataclass(frozen=True)
class UnscoredDimension:
    """A dimension without a score: only its answers can be shown."""

    code: str
    name: str


@dataclass(frozen=True)
class Profile:
    """What the profile of a system shows.

    `dimensions` are in the questionnaire's order; `sections` belong to them by place; `combined` are overall,
    groups, gaps and themes. `moderation` says in a sentence how many of its levels were moderated.
    """

    released: Released
    system: System
    axis: ScoreAxis
    dimensions: tuple[ProfileLine, ...]
    sections: tuple[ProfileLine, ...]
    combined: tuple[ProfileLine, ...]
    unscored: tuple[UnscoredDimension, ...]
    earlier: Earlier | None
    nearest: Nearest
    lowest: tuple[LowQuestion, ...]
    moderation: str

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def compares(self) -> bool:
        """Whether there are changes since an earlier round to show."""
        return self.earlier is not None and self.earlier.comparable

    @property
    def against_nearest(self) -> bool:
        """Whether more than half of the nearest systems have a score wherever this one has.

        The median of fewer would be the word of one or two, called that of all who are alike.
        """
        lines = [line.peers for line in self.dimensions if line.value is not None]
        return bool(self.nearest.peers) and all(peers and 2 * peers.scored > peers.of for peers in lines)

    @property
    def held_against(self) -> str:
        """The systems that strengths and gaps are measured from: those most like it, or all."""
        return NEAREST if self.against_nearest else "all systems"

    @property
    def distances(self) -> tuple[Distance, ...]:
        """How far each score lies from the median of `held_against`; empty where others are not seen."""
        found = []
        for line in self.dimensions:
            median = _median(line.peers if self.against_nearest else line.national)
            if line.value is not None and median is not None:
                found.append(Distance(line.name.code, line.name.name, line.value - median))
        return tuple(found)

    @property
    def strengths(self) -> tuple[Distance, ...]:
        """The dimensions furthest above the median of `held_against`."""
        return strengths(self.distances)

    @property
    def gaps(self) -> tuple[Distance, ...]:
        """The dimensions furthest below the median of `held_against`."""
        return gaps(self.distances)

    @property
    def unit(self) -> str:
        """The unit of a difference."""
        return difference_words(self.axis)

    @property
    def finding(self) -> str:
        """What the page finds, in one line."""
        name = self.system.name
        if not self.strengths and not self.gaps:
            return f"{name}: its score on each dimension"
        parts = [
            f"{word} on {_quoted(found[0].name)}"
            for word, found in (("furthest above", self.strengths), ("furthest below", self.gaps))
            if found
        ]
        return f"{name} lies {' and '.join(parts)}, against the median of {self.held_against}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say of the system, without ranking it."""
        if not self.system.responded:
            return (f"{self.system.name} did not submit in this round, so it has no results.",)
        found = [_scored_sentence(self.system.name, self.dimensions)]
        if self.released.whole:
            found.append(_against_all(self.dimensions))
        if self.earlier is not None:
            found.append(_comparison_sentence(self.earlier))
        return tuple(found)

    @property
    def chart(self) -> SystemProfile:
        """Each dimension on the whole axis, as the chart and its table take it."""
        of = f"{self.released.responded} of {counted(self.released.of, 'system')} submitted. "
        return SystemProfile(
            title=self.finding,
            subtitle=f"{of if self.released.whole else ''}{self.head.source}",
            axis=self.axis,
            system=self.system.name,
            rows=tuple(
                ProfileRow(
                    name=line.name.name,
                    score=line.score,
                    national=line.national.spread if line.national else None,
                    region_median=_median(line.region),
                    previous=line.drawn_before,
                    peer_median=_median(line.peers),
                )
                for line in self.dimensions
            ),
            region=self.system.region_name if self.released.whole else "",
            previous_round=self.earlier.head.round_title if self.earlier and self.compares else "",
            peers=NEAREST if self.nearest.peers else "",
        )


def profile(person: AnyPerson, release_id: int, assessment_id: int) -> Profile:
    """Return one system's results in a release: seven queries.

    Raises Http404 when the person may read no such release, or not this system's results in it.
    """
    released = read(person, release_id)
    system = released.system(assessment_id)
    if not posts(person):
        system = replace(system, signature=_unnamed(system.signature))
    content = released.instrument.content
    axis = axis_of(content)
    scored = [dimension for dimension in content.dimensions if is_scored(dimension)]
    before = earlier(person, released, system) if system.responded else None
    changes = before.changes if before else {}
    near = nearest(released, assessment_id) if released.whole and system.responded else NONE_NEAR
    chosen = chosen_levels(released, assessment_id) if system.responded else {}
    counts = counted_levels(released) if chosen else {}
    return Profile(
        released=released,
        system=system,
        axis=axis,
        dimensions=tuple(
            replace(
                _line(released, system, dimension_measure(each), axis),
                change=changes.get(each.code),
                peers=_of_peers(dimension_measure(each), axis, near),
            )
            for each in scored
        ),
        sections=tuple(
            _line(released, system, name, axis) for each in scored for name in section_measures(each)
        ),
        combined=tuple(_line(released, system, name, axis) for name in combined_measures(content)),
        unscored=tuple(
            UnscoredDimension(each.code, each.name) for each in content.dimensions if not is_scored(each)
        ),
        earlier=before,
        nearest=near,
        lowest=lowest_questions(content, chosen, counts),
        moderation=moderated_in_words(moderated_in(released, assessment_id), len(chosen)),
    )


def _unnamed(signature: Signature | None) -> Signature | None:
    """Return a signature for the public: the office that signed, not the person."""
    return None if signature is None else replace(signature, name="")


def _line(released: Released, system: System, name: MeasureName, axis: ScoreAxis) -> ProfileLine:
    region = released.systems.in_region(region_code(system))
    return ProfileLine(
        name=name,
        axis=axis,
        score=system.score(name.measure, name.code),
        national=summarise(name, axis, released.systems) if released.whole else None,
        region=summarise(name, axis, region) if released.whole else None,
    )


def _of_peers(name: MeasureName, axis: ScoreAxis, near: Nearest) -> Summary | None:
    return summarise(name, axis, near.systems) if near.systems else None


def _quoted(name: str) -> str:
    return f"“{name}”"


def _median(summary: Summary | None) -> Decimal | None:
    return summary.spread.median if summary and summary.spread else None


def _scored_sentence(name: str, lines: tuple[ProfileLine, ...]) -> str:
    known = sum(line.value is not None for line in lines)
    return f"{name} has a score on {known} of {counted(len(lines), 'dimension')}."


def _comparison_sentence(before: Earlier) -> str:
    title = before.head.round_title
    if not before.comparable:
        return (
            f"Nothing is compared with {title}: the questionnaire names no question as comparable with that "
            "round's."
        )
    return (
        f"Change since {title} counts only questions that can be compared and were answered in both rounds. "
        f"{title} is marked in the chart only where the score of this round rests on the same questions, so "
        "that the distance between the marks is the change."
    )


def _against_all(lines: tuple[ProfileLine, ...]) -> str:
    """Return on how many dimensions the system lies above, within and below the middle half of systems."""
    known = [
        (line.value, line.national.spread)
        for line in lines
        if line.value is not None and line.national and line.national.spread
    ]
    if not known:
        return "There is nothing to compare."
    above = sum(value > found.q3 for value, found in known)
    below = sum(value < found.q1 for value, found in known)
    return (
        f"It lies above the middle half of systems on {counted(above, 'dimension')}, within it on "
        f"{len(known) - above - below} and below it on {below}."
    )


def change_in_words(found: Change | None, axis: ScoreAxis) -> str:
    """Return a change with its sign and the number of questions it is made of."""
    if found is None:
        return ""
    questions = f"{found.questions} of {counted(found.of, 'question')}"
    if found.difference is None:
        return f"Not shown, {questions} answered in both rounds"
    return f"{signed(found.difference)} {difference_words(axis)}, {questions}"
