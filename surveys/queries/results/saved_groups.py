"""The groups of systems that somebody saved, or that others share."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from surveys.models import SystemGroup
from surveys.permissions import AnyPerson, Permission, has_anywhere, visible_to
from surveys.queries.organisations import called


@dataclass(frozen=True)
class SavedGroup:
    """A group with its owner's name. `own`: the reader's; `changeable`: they may rename and delete it."""

    id: int
    name: str
    owner: str
    shared: bool
    own: bool
    changeable: bool
    organisation_ids: frozenset[int]

    @property
    def label(self) -> str:
        """The name, with whose it is unless it is the reader's own."""
        return self.name if self.own else f"{self.name} ({self.owner})"


@dataclass(frozen=True)
class GroupPage:
    """A group with the names of its systems as of today."""

    group: SavedGroup
    systems: tuple[str, ...]


def saved_groups(person: AnyPerson) -> tuple[SavedGroup, ...]:
    """Return the groups that a person may use, their own first, then by name: one query."""
    return _read(person)


def group_page(person: AnyPerson, group_id: int) -> GroupPage:
    """Return a group: two queries. Raises Http404 when there is none that the person may use."""
    for group in _read(person, group_id):
        names = called(group.organisation_ids, timezone.localdate())
        return GroupPage(group, tuple(sorted(names.values(), key=str.casefold)))
    raise Http404


def group_to_change(person: AnyPerson, group_id: int) -> GroupPage:
    """Return a group as `group_page` does. Raises Http404 also when the person may not change it."""
    page = group_page(person, group_id)
    if not page.group.changeable:
        raise Http404
    return page


def require_saver(person: AnyPerson) -> None:
    """Raise Http404 unless the person may save groups at all."""
    if not has_anywhere(person, Permission.SEE_RESULTS):
        raise Http404


def _read(person: AnyPerson, group_id: int | None = None) -> tuple[SavedGroup, ...]:
    if not has_anywhere(person, Permission.SEE_RESULTS):
        return ()
    groups = visible_to(person, Permission.SEE_RESULTS, SystemGroup.objects.all())
    if group_id is not None:
        groups = groups.filter(pk=group_id)
    changes_all = has_anywhere(person, Permission.MANAGE)
    found: dict[int, SavedGroup] = {}
    rows = groups.order_by("pk").values_list("pk", "name", "owner_id", "owner__name", "shared", "systems")
    for key, name, owner_id, owner, shared, system in rows:
        own = owner_id == person.pk
        known = found[key].organisation_ids if key in found else frozenset()
        found[key] = SavedGroup(key, name, owner, shared, own, own or changes_all, known | {system})
    return tuple(
        sorted(found.values(), key=lambda each: (not each.own, each.name.casefold(), each.owner.casefold()))
    )
