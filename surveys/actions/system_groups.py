"""Groups of systems that people save to compare them again: saved, renamed, shared and deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.http import Http404

from surveys.actions.audit import record
from surveys.actions.refusals import Refused
from surveys.actions.typed_text import one_line
from surveys.models import Organisation, Person, SystemGroup
from surveys.models.system_group import LONGEST_GROUP_NAME
from surveys.permissions import Permission, require_anywhere, visible_to

FEWEST_SYSTEMS: Final = 2
"""So many systems make a group."""


@transaction.atomic
def save_group(*, by: Person, name: str, shared: bool, organisation_ids: Collection[int]) -> SystemGroup:
    """Save systems, by the keys of their organisations, as a group of the person's.

    Raises Http404 for somebody without a role; Refused for fewer than two systems, and for a name that is
    empty, longer than LONGEST_GROUP_NAME or taken by another group of theirs.
    """
    require_anywhere(by, Permission.SEE_RESULTS)
    systems = Organisation.objects.filter(pk__in=organisation_ids, kind=Organisation.Kind.ICS)
    found = sorted(systems.values_list("pk", flat=True))
    if len(found) < FEWEST_SYSTEMS:
        raise Refused("Choose at least two systems: a group is there to compare them.")
    group = SystemGroup(name=_checked(name), owner=by, shared=shared)
    with _name_once(group):
        group.save()
    group.systems.set(found)
    _record(by, "system_group.saved", group, {"shared": shared, "systems": found})
    return group


@transaction.atomic
def change_group(*, by: Person, group_id: int, name: str, shared: bool) -> SystemGroup:
    """Rename a group, and share it or keep it to its owner. Nothing changes when nothing is new.

    Raises Http404 unless the person is its owner or an administrator, and Refused as `save_group` does.
    """
    group = _own(by, group_id)
    wanted = {"name": _checked(name), "shared": shared}
    before = {field: getattr(group, field) for field in wanted if getattr(group, field) != wanted[field]}
    if before:
        group.name, group.shared = _checked(name), shared
        with _name_once(group):
            group.save(update_fields=["name", "shared"])
        after = {field: wanted[field] for field in before}
        _record(by, "system_group.changed", group, {"before": before, "after": after})
    return group


@transaction.atomic
def delete_group(*, by: Person, group_id: int, name: str) -> None:
    """Delete a group; `name` is what it was called on the page that asked.

    Raises Http404 unless the person is its owner or an administrator, and Refused when it was renamed since.
    """
    group = _own(by, group_id)
    if name != group.name:
        raise Refused(f"The group is called “{group.name}” now. Check that it is the one to delete.")
    systems = sorted(group.systems.values_list("pk", flat=True))
    _record(by, "system_group.deleted", group, {"shared": group.shared, "systems": systems})
    group.delete()


def _own(by: Person, group_id: int) -> SystemGroup:
    held = SystemGroup.objects.filter(pk=group_id).select_for_update(no_key=True)
    group = visible_to(by, Permission.MANAGE, held).first()
    if group is None:
        raise Http404
    return group


def _checked(name: str) -> str:
    plain = one_line(name)
    if not plain:
        raise Refused("Give the group a name.")
    if len(plain) > LONGEST_GROUP_NAME:
        raise Refused(f"The name must have {LONGEST_GROUP_NAME} characters or fewer; it has {len(plain)}.")
    return plain


@contextmanager
def _name_once(group: SystemGroup) -> Iterator[None]:
    """Turn the database's refusal of a second group of this name into a sentence.

    The rest has been checked, so the name is all that the database can still refuse.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(f"{group.owner.name} already has a group called “{group.name}”.") from error


def _record(by: Person, verb: str, group: SystemGroup, detail: dict[str, Any]) -> None:
    record(by=by, verb=verb, subject=group.name, detail={"group_id": group.pk, **detail})
