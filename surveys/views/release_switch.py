"""The way from a page of one release to the same page of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.urls import reverse

from surveys.forms.result_choices import RELEASE, ReleaseChoice
from surveys.queries.instruments import instrument
from surveys.queries.results.listing import RoundReleases, same_systems
from surveys.queries.results.released import ReleaseHead

KEPT: Final = ("region", "dimension", "sort", "direction", "pair", "about", "registered", "resident", "group")
"""The choices that mean the same in every release. Systems are looked up; the rest begins anew."""

SYSTEMS: Final = ("near", "system")
"""The choices that name a system by its assessment."""

LONGEST_KEY: Final = 18
"""So many digits are more than any key of the database has."""


class ReleaseRequest(HttpRequest):
    """A request for a page of a release, with the rounds of which the person may read a release."""

    rounds: tuple[RoundReleases, ...]


@dataclass(frozen=True)
class SwitchLink:
    """A release: its key and name, where the page is in it, and whether that is the page at hand."""

    release_id: int
    label: str
    url: str
    here: bool


@dataclass(frozen=True)
class SwitchRound:
    """A round with its releases, newest first."""

    title: str
    links: tuple[SwitchLink, ...]


def release_switch(request: ReleaseRequest, here: ReleaseHead) -> tuple[SwitchRound, ...]:
    """Return every release that the person may read, with the address of this page in it.

    None where there is no other release. One query where the page is about certain systems. A release that
    does not have what the page is about is entered by its overview, and the link says so.
    """
    heads = [head for each in request.rounds for head in each.releases]
    if len(heads) < 2:
        return ()
    match = request.resolver_match
    if match is None:
        raise Http404
    chosen = {name: request.GET.getlist(name) for name in SYSTEMS}
    ids = {key for keys in chosen.values() for value in keys if (key := _key(value))}
    ids |= {match.kwargs["assessment_id"]} if "assessment_id" in match.kwargs else set()
    page = _Page(
        str(match.url_name),
        match.kwargs,
        {**{name: request.GET.getlist(name) for name in KEPT}, **chosen},
        same_systems(request.user, ids, heads) if ids else {},
    )
    return tuple(
        SwitchRound(
            each.title, tuple(page.link(head, each.newest, here=head.id == here.id) for head in each.releases)
        )
        for each in request.rounds
    )


def release_choice(request: ReleaseRequest, switch: Sequence[SwitchRound]) -> ReleaseChoice | None:
    """Return the form that chooses one of these releases; None when there are none."""
    if not switch:
        return None
    offered = [
        (str(link.release_id), f"{each.title}: {link.label[:1].lower()}{link.label[1:]}")
        for each in switch
        for link in each.links
    ]
    here = next(link.release_id for each in switch for link in each.links if link.here)
    return ReleaseChoice(request.GET, offered, here)


def release_asked_for(request: ReleaseRequest, here: ReleaseHead) -> str | None:
    """Return where the page is in the release that the parameters name; None when it is this one or none.

    A page has one address, in which its release stands: the parameter only leads there.
    """
    if RELEASE not in request.GET:
        return None
    switch = release_switch(request, here)
    choice = release_choice(request, switch)
    chosen = choice.chosen if choice is not None else here.id
    links = (link for each in switch for link in each.links)
    return next((link.url for link in links if link.release_id == chosen and not link.here), None)


def kept_choices(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Return the parameters of the page that go along to another release, in the order of the page."""
    names = {*KEPT, *SYSTEMS}
    return tuple(
        (name, value) for name in request.GET if name in names for value in request.GET.getlist(name)
    )


@dataclass(frozen=True)
class _Page:
    """A page of results: its name and the parts of its address, its choices, and its systems elsewhere."""

    name: str
    parts: Mapping[str, Any]
    choices: Mapping[str, Sequence[str]]
    systems: Mapping[tuple[int, int], int]

    def link(self, head: ReleaseHead, newest: ReleaseHead, *, here: bool) -> SwitchLink:
        """The link to a release."""
        label = f"{head.name} of {head.released_on}"
        label += ", not for publication" if head.provisional else ""
        label += ", since replaced" if head != newest else ""
        parts = self._parts(head)
        if parts is None:
            url, label = reverse("results_overview", args=[head.id]), f"{label}: its overview"
        else:
            url = reverse(self.name, kwargs=parts, query=self._query(head) or None)
        return SwitchLink(head.id, label, url, here)

    def _parts(self, head: ReleaseHead) -> dict[str, Any] | None:
        """Return the parts of the address in a release; None when it does not have one of them."""
        content = instrument(head.questionnaire_id).content
        parts = {**self.parts, "release_id": head.id}
        if "dimension_code" in parts and parts["dimension_code"] not in {
            dimension.code for dimension in content.dimensions
        }:
            return None
        if "question_code" in parts and parts["question_code"] not in {
            question.code for question in content.questions
        }:
            return None
        if "assessment_id" in parts:
            parts["assessment_id"] = self.systems.get((head.id, parts["assessment_id"]))
            return parts if parts["assessment_id"] is not None else None
        return parts

    def _query(self, head: ReleaseHead) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, values in self.choices.items():
            kept = [self._elsewhere(head, value) for value in values] if name in SYSTEMS else list(values)
            if any(kept):
                found[name] = [value for value in kept if value]
        return found

    def _elsewhere(self, head: ReleaseHead, value: str) -> str:
        key = self.systems.get((head.id, _key(value)))
        return "" if key is None else str(key)


def _key(value: str) -> int:
    """Return the key that a parameter gives; 0, which nothing has, when it is no key."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < LONGEST_KEY else 0
