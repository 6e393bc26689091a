"""Saved groups of systems: the list, one group, saving, changing and deleting it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.actions import system_groups as actions
from surveys.forms.system_groups import DeleteGroupForm, GroupForm, NewGroupForm
from surveys.queries.results.compare import is_key, system_choices
from surveys.queries.results.listing import rounds_with_results
from surveys.queries.results.released import read
from surveys.queries.results.saved_groups import group_page, group_to_change, require_saver, saved_groups
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


@dataclass(frozen=True)
class RoundLink:
    """A round, and where a group is compared in it."""

    title: str
    url: str


@require_safe
def group_list(request: PersonRequest) -> HttpResponse:
    """List the groups that the person saved, and those that others share."""
    require_saver(request.user)
    groups = saved_groups(request.user)
    context = {
        "mine": tuple(group for group in groups if group.own),
        "others": tuple(group for group in groups if not group.own),
        "crumbs": _crumbs()[:1],
    }
    return render(request, "surveys/results/groups.html", context)


@require_safe
def group(request: PersonRequest, group_id: int) -> HttpResponse:
    """Show a group's systems, and lead to their comparison in every round. Its address can be shared."""
    page = group_page(request.user, group_id)
    rounds = tuple(
        RoundLink(
            each.title, reverse("results_compare", args=[each.newest.id], query={"group": page.group.id})
        )
        for each in rounds_with_results(request.user)
    )
    context = {"page": page, "rounds": rounds, "crumbs": _crumbs()}
    return render(request, "surveys/results/group.html", context)


@page_or_post
def new_group(request: PersonRequest, release_id: int) -> HttpResponse:
    """Save the systems of a comparison as a group; `?system=` has their assessments in the release."""
    require_saver(request.user)
    released = read(request.user, release_id)
    chosen = (request.POST or request.GET).getlist("system")
    systems = released.systems.only(int(code) for code in chosen if is_key(code))
    form = NewGroupForm(
        sent(request),
        systems=system_choices(released, chosen),
        initial={"system": [str(system.assessment_id) for system in systems]},
    )
    made = attempt(
        form,
        lambda: actions.save_group(
            by=request.user,
            name=form.cleaned_data["name"],
            shared=form.cleaned_data["shared"],
            organisation_ids={system.organisation_id for system in systems},
        ),
    )
    if made is not None:
        messages.success(request, f"The group “{made.name}” is saved.")
        return redirect("system_group", group_id=made.pk)
    compare = Crumb("Compare", reverse("results_compare", args=[release_id]))
    context = {"form": form, "systems": systems, "crumbs": (*_crumbs()[:1], compare), "back": compare.url}
    return render(request, "surveys/results/new_group.html", context)


@page_or_post
def edit_group(request: PersonRequest, group_id: int) -> HttpResponse:
    """Rename a group, share it, or keep it to oneself."""
    page = group_to_change(request.user, group_id)
    form = GroupForm(sent(request), initial={"name": page.group.name, "shared": page.group.shared})
    changed = attempt(
        form, lambda: actions.change_group(by=request.user, group_id=group_id, **form.cleaned_data)
    )
    if changed is not None:
        messages.success(request, f"The group “{changed.name}” is saved.")
        return redirect("system_group", group_id=group_id)
    context = {"page": page, "form": form, "crumbs": _crumbs()}
    return render(request, "surveys/results/edit_group.html", context)


@page_or_post
def delete_group(request: PersonRequest, group_id: int) -> HttpResponse:
    """Delete a group, after a page that asks."""
    page = group_to_change(request.user, group_id)
    form = DeleteGroupForm(sent(request))
    if form.is_valid():
        attempt(
            form,
            lambda: actions.delete_group(by=request.user, group_id=group_id, name=form.cleaned_data["name"]),
        )
        if not form.errors:
            messages.success(request, f"The group “{page.group.name}” is deleted.")
            return redirect("system_groups")
        page = group_to_change(request.user, group_id)
    context = {"page": page, "form": form, "crumbs": _crumbs()}
    return render(request, "surveys/results/delete_group.html", context)


def _crumbs() -> tuple[Crumb, ...]:
    return Crumb("Results", reverse("results")), Crumb("Saved groups", reverse("system_groups"))
