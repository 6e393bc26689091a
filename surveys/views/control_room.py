"""The control room of a round, for those who follow its systems."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.exports.control_room import burn_up_file, control_room_file
from surveys.exports.moderation_flags import flags_file
from surveys.forms.control_room import ControlRoomFilter
from surveys.queries import control_room as queries
from surveys.queries.moderation_flags import round_flags
from surveys.queries.results.selection import ALL_REGIONS, Choice
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest


@require_safe
def control_room(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show where each system of a round stands, filtered by `?region=` and `?status=`, a page at a time."""
    frame, asked_for = _asked(request, round_id)
    room = queries.control_room(
        frame,
        region=asked_for.chosen("region"),
        status=asked_for.chosen("status"),
        number=request.GET.get("page", "1"),
    )
    csv_url = reverse("burn_up_csv", args=[round_id], query=_without_page(request))
    context = {
        "room": room,
        "head": room.head,
        "filter": asked_for,
        "chosen_status": asked_for.chosen("status"),
        "figure": figure(room.burn_up, id_="burn-up", csv_url=csv_url) if room.burn_up else None,
        "csv_url": reverse("control_room_csv", args=[round_id], query=_without_page(request)),
        "remind_url": reverse("send_reminder", args=[round_id], query=_without_page(request)),
        "synthetic": room.head.synthetic,
        "crumbs": (
            Crumb("Home", reverse("home")),
            Crumb("Rounds", reverse("rounds")),
            Crumb(room.head.title, reverse("round", args=[round_id])),
        ),
    }
    pages = neighbours(request, room.number, room.pages)
    return render(request, "surveys/rounds/control_room.html", context | pages)


@require_safe
def control_room_csv(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download the systems of the page, of all its pages."""
    frame, asked_for = _asked(request, round_id)
    lines = queries.every_line(frame, region=asked_for.chosen("region"), status=asked_for.chosen("status"))
    return download(control_room_file(frame.head, lines, settings.SERVICE_NAME))


@require_safe
def burn_up_csv(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download how many systems had submitted by each day of this round and of those before it."""
    frame, asked_for = _asked(request, round_id)
    chart = frame.burn_up(asked_for.chosen("region"))
    return download(burn_up_file(frame.head, chart, settings.SERVICE_NAME))


@require_safe
def flags_csv(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download what the rules for reviewers flag in the signed copies of the round."""
    return download(flags_file(round_flags(request.user, round_id), settings.SERVICE_NAME))


def _asked(request: PersonRequest, round_id: int) -> tuple[queries.RoomFrame, ControlRoomFilter]:
    frame = queries.room_frame(request.user, round_id)
    offered = {
        "region": (Choice("", ALL_REGIONS), *frame.regions),
        "status": (Choice("", "Any status"), *frame.statuses),
    }
    return frame, ControlRoomFilter(request.GET, offered)


def _without_page(request: PersonRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("region", "status") if name in request.GET}
