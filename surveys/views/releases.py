"""Releasing the results of a round: a page with the checks, and the button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from surveys.actions.releases import correct, publish, release_provisionally, withdraw
from surveys.forms.reasons import ReasonForm
from surveys.forms.releases import CorrectionForm, ProvisionalForm, PublishForm, ReleaseForm
from surveys.models import Release, Round
from surveys.permissions import Permission, require_anywhere
from surveys.queries.release_check import release_check
from surveys.queries.results.released import read
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent

Status = Round.Status


@dataclass(frozen=True)
class Step:
    """One of the three ways to release: from which stages of a round, in which words, by which form."""

    title: str
    button: str
    meaning: str
    kind: Release.Kind
    stages: frozenset[Round.Status]
    act: Callable[..., Release]
    form: type[ReleaseForm]


PROVISIONAL = Step(
    "Release results provisionally",
    "Release provisionally",
    "surveys/releases/_provisional.html",
    Release.Kind.PROVISIONAL,
    frozenset({Status.CLOSED, Status.PROVISIONAL}),
    release_provisionally,
    ProvisionalForm,
)
PUBLISH = Step(
    "Publish results",
    "Publish results",
    "surveys/releases/_publish.html",
    Release.Kind.PUBLISHED,
    frozenset({Status.PROVISIONAL}),
    publish,
    PublishForm,
)
CORRECT = Step(
    "Correct published results",
    "Publish the correction",
    "surveys/releases/_correct.html",
    Release.Kind.PUBLISHED,
    frozenset({Status.PUBLISHED}),
    correct,
    CorrectionForm,
)


@page_or_post
def release_results(request: PersonRequest, round_id: int) -> HttpResponse:
    """Release the results of a closed round for the systems and analysts to check."""
    return _release(request, round_id, PROVISIONAL)


@page_or_post
def publish_results(request: PersonRequest, round_id: int) -> HttpResponse:
    """Publish the results of a provisional round."""
    return _release(request, round_id, PUBLISH)


@page_or_post
def correct_results(request: PersonRequest, round_id: int) -> HttpResponse:
    """Publish a correction of a published round."""
    return _release(request, round_id, CORRECT)


@page_or_post
def withdraw_release(request: PersonRequest, release_id: int) -> HttpResponse:
    """Withdraw a release, with a reason that stands in its place."""
    require_anywhere(request.user, Permission.MANAGE)
    form = ReasonForm(sent(request))
    form.fields["reason"].help_text = "Everybody who opens these results reads it."
    withdrawn = attempt(form, lambda: withdraw(by=request.user, release_id=release_id, **form.cleaned_data))
    if withdrawn is not None:
        messages.success(request, "The results are withdrawn.")
        return redirect("results")
    head = read(request.user, release_id).head
    crumbs = (
        Crumb("Rounds", reverse("rounds")),
        Crumb(head.round_title, reverse("round", args=[head.round_id])),
    )
    context = {"head": head, "form": form, "synthetic": head.synthetic, "crumbs": crumbs}
    return render(request, "surveys/releases/withdraw.html", context)


def _release(request: PersonRequest, round_id: int, step: Step) -> HttpResponse:
    check = release_check(request.user, round_id, publishing=step is PUBLISH)
    form = step.form(sent(request), check=check)
    told = {"site": request.build_absolute_uri("/")} if step is PROVISIONAL else {}
    made = attempt(form, lambda: step.act(by=request.user, round_id=round_id, **form.cleaned_data, **told))
    if made is not None:
        messages.success(request, f"{made} of “{check.round_title}” is made.")
        return redirect("results_overview", release_id=made.pk)
    repeats = check.repeats(step.kind)
    context = {
        "check": check,
        "step": step,
        "form": form,
        "possible": check.status in step.stages and not check.hindered and not repeats,
        "repeats": repeats,
        "synthetic": check.synthetic,
        "crumbs": (
            Crumb("Rounds", reverse("rounds")),
            Crumb(check.round_title, reverse("round", args=[check.round_id])),
        ),
    }
    return render(request, "surveys/releases/release.html", context)
