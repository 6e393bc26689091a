"""The worked examples of docs/method.md, worked out again."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from statistics import fmean, pstdev

from surveys.analysis.agreement import agreement_words, van_der_eijk
from surveys.analysis.bounds import median_bounds
from surveys.analysis.change import change
from surveys.analysis.moderation import level_agreement
from surveys.analysis.outliers import outlier
from surveys.analysis.peers import closest_peers
from surveys.analysis.quantiles import median
from surveys.analysis.ranks import rank_ranges
from surveys.analysis.rounding import half_up
from surveys.analysis.scores import Item, Score, gap_between, points_score, scale_score
from surveys.analysis.variation import Spread, spread
from tests.analysis.cross_checks import blair_lacy, consensus, leik

METHOD = Path(__file__).resolve().parents[2] / "docs" / "method.md"


def levels(*values: int | None) -> list[Item]:
    return [Item(f"q{n}", None if value is None else Decimal(value)) for n, value in enumerate(values)]


def decimals(values: str) -> list[Decimal]:
    return [Decimal(value) for value in values.split()]


def of_all(values: list[Decimal]) -> Spread:
    result = spread(values, len(values))
    assert result is not None
    return result


def the_42_scores(page: str) -> list[Decimal]:
    """Return the scores that the page lists."""
    [listed] = re.findall(r"The 42 scores of this example are: ([\d. ]+)\.", page)
    return decimals(listed)


def scores() -> Iterator[str]:
    plain = scale_score(levels(3, 4, 2, 3, 4, 3))
    yield (f"levels 3, 4, 2, 3, 4 and 3 give {plain.value}, from {plain.answered} of {plain.of} questions.")
    weighted = scale_score([Item("a", Decimal(5), Decimal(2)), Item("b", Decimal(2))])
    yield (
        f"level 5 with weight 2 and level 2 with weight 1 give {weighted.value}, "
        f"from {weighted.answered} of {weighted.of} questions."
    )
    points = points_score(
        Item(code, Decimal(gained), maximum=Decimal(most))
        for code, gained, most in (("a", "3", "4"), ("b", "0", "2"), ("c", "1.5", "1.5"))
    )
    yield (
        f"3 of 4, 0 of 2 and 1.5 of 1.5 points give {points.points:.1f} of {points.possible:.1f} points, "
        f"{points.percent:.1f} percent."
    )
    partial = scale_score([*levels(4, 2, 3), Item("n", None, applicable=False)])
    yield (
        f"levels 4, 2 and 3 and one not applicable give {partial.value}, "
        f"from {partial.answered} of {partial.of} questions."
    )
    enough, few = scale_score(levels(3, 3, 3, None, None)), scale_score(levels(3, 3, None, None, None))
    words = {False: "a score", True: "withheld"}
    yield (
        f"{enough.answered} of {enough.of} questions answered is {words[enough.withheld]}; "
        f"{few.answered} of {few.of} is {words[few.withheld]}."
    )
    overall = scale_score([Item("data", Decimal("3.3333")), Item("skills", Decimal("2.0000"))])
    yield f"dimension scores 3.3333 and 2.0000 give an overall score of {overall.value}."
    gap = gap_between(Score(Decimal("3.1000"), 5, 5), Score(Decimal("2.6667"), 4, 4))
    yield f"groups at 3.1000 and 2.6667 have a gap of {gap.value}."
    up, down = half_up(Decimal("2.2500"), 1), half_up(Decimal("-2.2500"), 1)
    yield f"2.2500 is shown as {up} and -2.2500 as {down}."


def variation(page: str) -> Iterator[str]:
    four = of_all(decimals("1 2 3 4"))
    yield f"the scores 1, 2, 3 and 4 have Q1 {four.q1:.2f}, median {four.median:.2f} and Q3 {four.q3:.2f}."
    values = the_42_scores(page)
    found = of_all(values)
    yield (
        f"{found.n} scores from {found.minimum} to {found.maximum} have P10 {found.p10:.3f}, "
        f"Q1 {found.q1:.3f}, median {found.median:.3f}, Q3 {found.q3:.3f} and P90 {found.p90:.3f}, "
        f"so an IQR of {found.iqr:.3f} and a P90 minus P10 of {found.p90_p10:.3f}."
    )
    deviation = float(pstdev(values))
    yield (
        f"those scores have a coefficient of variation of {deviation / fmean(values):.3f}; "
        f"numbered from 0 to 4 instead of 1 to 5, {deviation / (fmean(values) - 1):.3f}."
    )
    known = decimals("2 3 3 4")
    bounds = median_bounds(known, 6, Decimal(1), Decimal(5))
    assert bounds is not None
    yield (
        f"levels 2, 3, 3 and 4 from 4 of 6 systems have a median of {median(known):.1f}, "
        f"which could be from {bounds.lower:.1f} to {bounds.upper:.1f}."
    )


def agreement() -> Iterator[str]:
    documented = (30, 40, 210, 130, 530, 50, 10)
    yield f"counts {listed(documented)} give A {van_der_eijk(documented):.7f}."
    for counts in ((2, 6, 20, 11, 3), (0, 21, 0, 21, 0), (8, 8, 9, 9, 8)):
        a = van_der_eijk(counts)
        yield f"counts {listed(counts)} give A {a:.6f}: {agreement_words(a)}."
    yield (
        f"counts {listed(documented)} give consensus {consensus(documented):.7f} "
        f"and D {leik(documented):.7f}."
    )
    yield f"counts 1, 2, 1 give l² {blair_lacy((1, 2, 1))}."


def comparisons() -> Iterator[str]:
    systems = {"A": (4, 3, 3, 4), "B": (3, 4, 3, 3), "C": (2, 3, 3, 2), "D": (3, 3, 4, 3)}
    found = rank_ranges({system: levels(*answers) for system, answers in systems.items()})
    described = [f"{system} ({listed(answers)})" for system, answers in systems.items()]
    described[0] = described[0].replace("(", "(levels ")
    yield (
        f"systems {', '.join(described[:-1])} and {described[-1]} rank "
        f"{each({system: placed.rank.label for system, placed in found.items()})}, with ranges "
        f"{each({system: placed.label for system, placed in found.items()})}."
    )
    group = closest_peers("A", {"population": {"A": 100, "B": 121, "C": 400, "D": 900}}, {"population": 1})
    *others, last = (f"{peer.key} at {peer.distance:.4f}" for peer in group.peers)
    yield f"populations A 100, B 121, C 400 and D 900 put {', '.join(others)} and {last} from A."
    peers = (1, 2, 2, 3, 3)
    far = outlier(5, peers)
    assert far is not None
    assert outlier(4, peers) is None
    yield (
        f"beside levels {', '.join(str(level) for level in peers[:-1])} and {peers[-1]} a level of 5 is an "
        f"outlier, {far.distance} above the median of {far.median}, and a level of 4 is not."
    )
    kept = level_agreement(10, pairs := ((3, 3), (2, 3), (4, 3), (5, 3)))
    *first, final = (f"{own} to {then}" for own, then in pairs)
    yield (
        f"of {kept.levels} levels {kept.moderated} are moderated, {', '.join(first)} and {final}: "
        f"{kept.equal_share:.1f} % of all and {kept.equal_share_of_moderated:.1f} % of the moderated are "
        f"equal, with a mean difference of {kept.mean_difference}."
    )
    moved = change(levels(2, 3, 2), levels(3, 3, 4), {"q0": "q0", "q1": "q1", "q2": "q2"})
    yield (
        f"levels 2, 3 and 2, then 3, 3 and 4, give {moved.before.value}, then {moved.after.value}: "
        f"a change of {moved.difference} on {moved.questions} of {moved.of} questions."
    )


def listed(values: tuple[int, ...]) -> str:
    return ", ".join(str(value) for value in values)


def each(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{system} {label}" for system, label in labels.items())


def test_every_worked_example_on_the_page_is_what_the_code_gives() -> None:
    page = METHOD.read_text(encoding="utf-8")
    unwrapped = re.sub(r"(?<!\n)\n(?!\n|Example: |$)", " ", page)
    written = re.findall(r"^Example: (.+)$", unwrapped, flags=re.MULTILINE)
    assert written == [*scores(), *variation(unwrapped), *agreement(), *comparisons()]
