"""What the database holds of saved groups, whoever writes."""

from __future__ import annotations

import pytest

from surveys.models import SystemGroup
from tests.models.violation import violates
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_name_is_there_once_for_an_owner_whatever_its_capitals(world: World) -> None:
    SystemGroup.objects.create(name="Coast", owner=world.lead)
    SystemGroup.objects.create(name="Coast", owner=world.approver)
    with violates("system_group_name_once_an_owner"):
        SystemGroup.objects.create(name="COAST", owner=world.lead)


def test_a_group_has_a_name(world: World) -> None:
    with violates("system_group_name_not_blank"):
        SystemGroup.objects.create(name=" \n", owner=world.lead)


def test_a_group_is_called_by_its_name(world: World) -> None:
    assert str(SystemGroup(name="Coast", owner=world.lead)) == "Coast"
