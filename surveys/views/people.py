"""People: the list, adding somebody, and one person with their memberships and account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surveys.actions import people as actions
from surveys.forms.people import MembershipForm, NewPersonForm, PeopleSearchForm, PersonForm
from surveys.forms.reasons import OptionalReasonForm, ReasonForm
from surveys.models import Person
from surveys.queries.organisations import directory_for
from surveys.queries.people import PersonPage, people_page, person_page
from surveys.views.crumbs import Crumb
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


@require_safe
def people_list(request: PersonRequest) -> HttpResponse:
    """List people, searched by `?q=` and `?role=`, a page at a time."""
    form = PeopleSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    search, role = wanted.get("q", ""), wanted.get("role", "")
    page = people_page(request.user, search=search, role=role, number=request.GET.get("page", "1"))
    context = {"form": form, "page": page, "search": search, "role": role, "crumbs": _crumbs()[:1]}
    return render(request, "surveys/people/list.html", context | neighbours(request, page.number, page.pages))


@page_or_post
def new_person(request: PersonRequest) -> HttpResponse:
    """Add a person with a first membership, and invite them."""
    directory = directory_for(request.user, timezone.localdate())
    begins = {"role": request.GET.get("role", ""), "organisation": request.GET.get("organisation", "")}
    form = NewPersonForm(sent(request), directory=directory, initial=begins)
    made, known_id = _attempt(
        form,
        lambda: actions.create_person(
            by=request.user,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            job_title=form.cleaned_data["job_title"],
            role=form.cleaned_data["role"],
            organisation_id=form.cleaned_data["organisation"],
            site=request.build_absolute_uri("/"),
        ),
    )
    if made is not None:
        messages.success(request, f"{made.name} is added.")
        return redirect("person", person_id=made.pk)
    context = {"form": form, "known_id": known_id, "crumbs": _crumbs()}
    return render(request, "surveys/people/new.html", context)


@require_safe
def person_details(request: PersonRequest, person_id: int) -> HttpResponse:
    """Show a person: account, invitation, memberships, and what was done to them."""
    page = person_page(request.user, person_id)
    return render(request, "surveys/people/person.html", {"page": page, "crumbs": _crumbs()})


@page_or_post
def edit_person(request: PersonRequest, person_id: int) -> HttpResponse:
    """Correct a person's name, e-mail address or job title."""
    page = person_page(request.user, person_id)
    begins = {"name": page.name, "email": page.email, "job_title": page.job_title}
    form = PersonForm(sent(request), initial=begins)
    changed, known_id = _attempt(
        form, lambda: actions.change_person(by=request.user, person_id=person_id, **form.cleaned_data)
    )
    if changed is not None:
        messages.success(request, f"{changed.name} is saved.")
        return redirect("person", person_id=person_id)
    return render(request, "surveys/people/edit.html", _context(page, form) | {"known_id": known_id})


@page_or_post
def add_membership(request: PersonRequest, person_id: int) -> HttpResponse:
    """Give a person a further role."""
    page = person_page(request.user, person_id)
    form = MembershipForm(sent(request), directory=directory_for(request.user, timezone.localdate()))
    added = attempt(
        form,
        lambda: actions.add_membership(
            by=request.user,
            person_id=person_id,
            role=form.cleaned_data["role"],
            organisation_id=form.cleaned_data["organisation"],
        ),
    )
    if added is not None:
        messages.success(request, f"{page.name} is now {added.get_role_display()}.")
        return redirect("person", person_id=person_id)
    return render(request, "surveys/people/add_membership.html", _context(page, form))


@page_or_post
def end_membership(request: PersonRequest, person_id: int, membership_id: int) -> HttpResponse:
    """End one of a person's memberships."""
    page = person_page(request.user, person_id)
    membership = next((line for line in (*page.current, *page.ended) if line.id == membership_id), None)
    if membership is None:
        raise Http404
    form = OptionalReasonForm(sent(request))
    ended = attempt(
        form,
        lambda: actions.end_membership(
            by=request.user, person_id=person_id, membership_id=membership_id, **form.cleaned_data
        ),
    )
    if ended is not None:
        messages.success(
            request, f"{page.name} is no longer {membership.role_label}, {membership.organisation_name}."
        )
        return redirect("person", person_id=person_id)
    context = _context(page, form) | {"membership": membership}
    return render(request, "surveys/people/end_membership.html", context)


@page_or_post
def deactivate_person(request: PersonRequest, person_id: int) -> HttpResponse:
    """Switch a person's account off."""
    page = person_page(request.user, person_id)
    form = ReasonForm(sent(request))
    done = attempt(
        form, lambda: actions.deactivate(by=request.user, person_id=person_id, **form.cleaned_data)
    )
    if done is not None:
        messages.success(request, f"The account of {page.name} is switched off.")
        return redirect("person", person_id=person_id)
    return render(request, "surveys/people/deactivate.html", _context(page, form))


@page_or_post
def reactivate_person(request: PersonRequest, person_id: int) -> HttpResponse:
    """Switch a person's account on again."""
    page = person_page(request.user, person_id)
    form = OptionalReasonForm(sent(request))
    done = attempt(
        form, lambda: actions.reactivate(by=request.user, person_id=person_id, **form.cleaned_data)
    )
    if done is not None:
        messages.success(request, f"The account of {page.name} is switched on.")
        return redirect("person", person_id=person_id)
    return render(request, "surveys/people/reactivate.html", _context(page, form))


@require_POST
def invite_person(request: PersonRequest, person_id: int) -> HttpResponse:
    """Send a person the link to choose a password, again. The person's page then says what became of it."""
    page = person_page(request.user, person_id)
    form = forms.Form(request.POST)
    invited = attempt(
        form,
        lambda: actions.invite(by=request.user, person_id=person_id, site=request.build_absolute_uri("/")),
    )
    if invited is None:
        return render(request, "surveys/people/person.html", _context(page, form) | {"crumbs": _crumbs()})
    return redirect("person", person_id=person_id)


def _attempt(form: forms.Form, act: Callable[[], Person]) -> tuple[Person | None, int | None]:
    """Do it as `attempt` does, and return also who has the e-mail address already, if somebody has."""
    known: list[int] = []

    def told() -> Person:
        try:
            return act()
        except actions.AlreadyKnown as refused:
            known.append(refused.person_id)
            raise

    done = attempt(form, told)
    return done, known[0] if known else None


def _crumbs(*further: Crumb) -> tuple[Crumb, ...]:
    return (Crumb("Home", reverse("home")), Crumb("People", reverse("people")), *further)


def _context(page: PersonPage, form: forms.Form) -> dict[str, Any]:
    crumbs = _crumbs(Crumb(page.name, reverse("person", args=[page.id])))
    return {"page": page, "form": form, "crumbs": crumbs}
