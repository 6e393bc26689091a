"""Saved groups of the world's systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveys.actions.system_groups import save_group
from surveys.models import Person, SystemGroup

if TYPE_CHECKING:
    from tests.world import World


def make_group(world: World, owner: Person, *, name: str = "Neighbours", shared: bool = False) -> SystemGroup:
    """A group of the own and the far system."""
    return save_group(by=owner, name=name, shared=shared, organisation_ids={world.own.pk, world.far.pk})
