"""What became of systems between two days: mergers, splits and moved boundaries."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from surveys.models import Organisation, Succession


@dataclass(frozen=True)
class Step:
    """A dated step from one organisation to a later one, by key. `whole`: all of the earlier one went."""

    predecessor_id: int
    successor_id: int
    kind: str
    whole: bool
    effective_on: datetime.date


@dataclass(frozen=True)
class Lineage:
    """The steps between two days."""

    steps: tuple[Step, ...]

    def between(self, after: datetime.date, until: datetime.date) -> Lineage:
        """Return the steps after one day and until another."""
        return Lineage(tuple(step for step in self.steps if after < step.effective_on <= until))

    @property
    def touched(self) -> frozenset[int]:
        """The later organisations of the steps, and those that gave a part away."""
        parting = {step.predecessor_id for step in self.steps if not step.whole}
        return frozenset({step.successor_id for step in self.steps} | parting)

    def merged_into(self, organisation_id: int) -> tuple[int, ...]:
        """Return the organisations that went into this one as a whole."""
        return tuple(
            step.predecessor_id for step in self.steps if step.successor_id == organisation_id and step.whole
        )

    def parted_into(self, organisation_id: int) -> tuple[int, ...]:
        """Return the organisations of which only a part went into this one."""
        return tuple(
            step.predecessor_id
            for step in self.steps
            if step.successor_id == organisation_id and not step.whole
        )

    def boundary_moved(self, organisation_id: int) -> bool:
        """Return whether the organisation gained or lost a part of another."""
        return any(organisation_id in {step.predecessor_id, step.successor_id} for step in self.steps)


def lineage(after: datetime.date, until: datetime.date) -> Lineage:
    """Return the steps of systems after one day and until another: one query."""
    rows = Succession.objects.filter(
        successor__kind=Organisation.Kind.ICS, effective_on__gt=after, effective_on__lte=until
    )
    return Lineage(
        tuple(
            Step(
                row.predecessor_id,
                row.successor_id,
                row.kind,
                row.extent == Succession.Extent.WHOLE,
                row.effective_on,
            )
            for row in rows.order_by("effective_on", "pk")
        )
    )
