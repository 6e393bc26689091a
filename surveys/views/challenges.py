"""Challenging provisional results, answering challenges, and the time for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.actions import challenges as actions
from surveys.exports.challenges import challenges_file
from surveys.forms.challenges import ChallengeAnswerForm, ChallengeFilter, ChallengeForm, ChallengeTimeForm
from surveys.permissions import Permission
from surveys.queries import challenges as queries
from surveys.queries.challenge_time import standing
from surveys.queries.deadlines import moment_in_words
from surveys.queries.results.selection import ALL_REGIONS, Choice
from surveys.queries.rounds import round_for
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


@page_or_post
def system_challenges(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show the challenges of one system with their answers, and raise one."""
    page = queries.system_challenges(request.user, assessment_id)
    if request.method == "POST" and not page.challenger:
        raise Http404
    begins = {"about": request.GET.get("about", "")}
    form = ChallengeForm(sent(request), content=page.asked_by.content, initial=begins)
    raised = attempt(
        form,
        lambda: actions.raise_challenge(
            by=request.user,
            assessment_id=assessment_id,
            text=form.cleaned_data["text"],
            site=request.build_absolute_uri("/"),
            **form.codes,
        ),
    )
    if raised is not None:
        messages.success(request, "The challenge is raised. You get an e-mail when it is answered.")
        return redirect("system_challenges", assessment_id=assessment_id)
    refused = bool(form.non_field_errors())
    context = {
        "page": page,
        "form": form,
        "synthetic": page.synthetic,
        "crumbs": (
            Crumb("Home", reverse("home")),
            Crumb(
                f"{page.organisation_name}, {page.round_title}", reverse("assessment", args=[assessment_id])
            ),
        ),
    }
    return render(request, "surveys/challenges/system.html", context, status=409 if refused else 200)


@require_safe
def round_challenges(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show the challenges of a round, filtered by `?region=` and `?state=`, a page at a time."""
    page = queries.round_challenges(
        request.user, round_id, number=request.GET.get("page", "1"), **_asked_for(request)
    )
    asked_for = _filter(request, page)
    kept = {name: chosen for name in ("region", "state") if (chosen := asked_for.chosen(name))}
    context = {
        "page": page,
        "filter": asked_for,
        "csv_url": reverse("round_challenges_csv", args=[round_id], query=kept),
        "synthetic": page.synthetic,
        "crumbs": _crumbs(round_id, page.round_title),
    }
    turning = neighbours(request, page.number, page.pages)
    return render(request, "surveys/challenges/round.html", context | turning)


@require_safe
def round_challenges_csv(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download the challenges of the page, of all its pages."""
    survey_round = round_for(request.user, round_id, Permission.FOLLOW)
    lines = queries.every_challenge(request.user, round_id, **_asked_for(request))
    return download(challenges_file(survey_round, lines, settings.SERVICE_NAME))


@page_or_post
def answer_challenge(request: PersonRequest, challenge_id: int) -> HttpResponse:
    """Uphold a challenge or not, and say what follows or why."""
    page = queries.one_challenge(request.user, challenge_id)
    form = ChallengeAnswerForm(sent(request))
    answered = attempt(
        form,
        lambda: actions.answer_challenge(
            by=request.user,
            challenge_id=challenge_id,
            upheld=form.upheld,
            text=form.cleaned_data["text"],
            site=request.build_absolute_uri("/"),
        ),
    )
    if answered is not None:
        follows = " Return its submission, so that it can be corrected." if answered.upheld else ""
        messages.success(request, f"The challenge is answered, and the system is told.{follows}")
        return redirect("answer_challenge", challenge_id=challenge_id)
    refused = bool(form.non_field_errors())
    context = {
        "page": page,
        "line": page.line,
        "form": form,
        "synthetic": page.synthetic,
        "crumbs": (
            *_crumbs(page.round_id, page.round_title),
            Crumb("Challenges", reverse("round_challenges", args=[page.round_id])),
        ),
    }
    return render(request, "surveys/challenges/answer.html", context, status=409 if refused else 200)


@page_or_post
def challenge_time(request: PersonRequest, round_id: int) -> HttpResponse:
    """Give the systems of a provisional round more time for challenges."""
    survey_round = round_for(request.user, round_id, Permission.MANAGE)
    form = ChallengeTimeForm(sent(request))
    given = attempt(
        form,
        lambda: actions.give_time_to_challenge(
            by=request.user,
            round_id=round_id,
            site=request.build_absolute_uri("/"),
            **form.cleaned_data,
        ),
    )
    if given is not None:
        messages.success(
            request, f"Systems may challenge their results until {moment_in_words(given.until)}."
        )
        return redirect("round_challenges", round_id=round_id)
    refused = bool(form.non_field_errors())
    context: dict[str, Any] = {
        "round": survey_round,
        "challenges": standing(survey_round),
        "form": form,
        "synthetic": survey_round.synthetic,
        "crumbs": _crumbs(round_id, survey_round.title),
    }
    return render(request, "surveys/challenges/time.html", context, status=409 if refused else 200)


def _asked_for(request: PersonRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("region", "state")}


def _filter(request: PersonRequest, page: queries.RoundChallenges) -> ChallengeFilter:
    offered = {
        "region": (Choice("", ALL_REGIONS), *page.regions),
        "state": (Choice("", "Any state"), *page.states),
    }
    return ChallengeFilter(request.GET, offered)


def _crumbs(round_id: int, title: str) -> tuple[Crumb, ...]:
    return (
        Crumb("Home", reverse("home")),
        Crumb("Rounds", reverse("rounds")),
        Crumb(title, reverse("round", args=[round_id])),
    )
