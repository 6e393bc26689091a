"""The moderation of a round, for those who may moderate its systems."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.actions.moderation_plan import plan_moderation
from surveys.exports.moderation import agreement_file, moderation_file
from surveys.forms.moderation import ModerationFilter, PlanForm, offered
from surveys.queries import round_moderation as queries
from surveys.queries.moderation_agreement import agreement_by_dimension
from surveys.queries.moderation_plan import plan_page
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


@require_safe
def round_moderation(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show how far moderation is, system by system, filtered by `?region=` and `?stage=`."""
    frame = queries.moderation_frame(request.user, round_id)
    asked_for = ModerationFilter(request.GET, offered(frame.regions, frame.stages))
    page = queries.round_moderation(
        frame,
        region=asked_for.chosen("region"),
        stage=asked_for.chosen("stage"),
        number=request.GET.get("page", "1"),
    )
    head = frame.head
    context = {
        "page": page,
        "frame": frame,
        "head": head,
        "filter": asked_for,
        "synthetic": head.synthetic,
        "crumbs": _crumbs(head.title, round_id),
    }
    pages = neighbours(request, page.number, page.pages)
    return render(request, "surveys/moderation/round.html", context | pages)


@require_safe
def moderation_agreement(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show how far final levels agree with the self-assessed ones, by dimension."""
    frame = queries.moderation_frame(request.user, round_id)
    head = frame.head
    listed = Crumb("Moderation", reverse("round_moderation", args=[round_id]))
    context = {
        "frame": frame,
        "head": head,
        "lines": agreement_by_dimension(frame),
        "synthetic": head.synthetic,
        "crumbs": (*_crumbs(head.title, round_id), listed),
    }
    return render(request, "surveys/moderation/agreement.html", context)


@require_safe
def moderation_csv(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download every proposal with what became of it."""
    frame = queries.moderation_frame(request.user, round_id)
    rows = queries.moderated_rows(frame)
    return download(moderation_file(frame.head, rows, settings.SERVICE_NAME))


@require_safe
def moderation_agreement_csv(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download the agreement by dimension."""
    frame = queries.moderation_frame(request.user, round_id)
    lines = agreement_by_dimension(frame)
    return download(agreement_file(frame.head, lines, settings.SERVICE_NAME))


@page_or_post
def plan(request: PersonRequest, round_id: int) -> HttpResponse:
    """Say who decides about proposed levels, and until when systems may answer."""
    page = plan_page(request.user, round_id)
    form = PlanForm(sent(request), page=page)
    planned = attempt(
        form,
        lambda: plan_moderation(
            by=request.user,
            round_id=round_id,
            lead_reviewer_id=form.cleaned_data["lead_reviewer"],
            answers_until=form.cleaned_data["answers_until"],
            seen=form.cleaned_data["seen"],
        ),
    )
    if planned is not None:
        messages.success(request, "The moderation is planned.")
        return redirect("round_moderation", round_id=round_id)
    refused = bool(form.non_field_errors())
    listed = Crumb("Moderation", reverse("round_moderation", args=[round_id]))
    context = {
        "page": plan_page(request.user, round_id) if refused else page,
        "form": form,
        "synthetic": page.synthetic,
        "crumbs": (*_crumbs(page.round_title, round_id), listed),
    }
    return render(request, "surveys/moderation/plan.html", context, status=409 if refused else 200)


def _crumbs(title: str, round_id: int) -> tuple[Crumb, ...]:
    return (
        Crumb("Home", reverse("home")),
        Crumb("Rounds", reverse("rounds")),
        Crumb(title, reverse("round", args=[round_id])),
    )
