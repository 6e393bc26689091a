"""What a person sees when a request cannot be answered."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from surveys.forms.kept import kept_from
from surveys.views.requests import wants_json


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request makes no sense to the server."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403. Pages that a person may not see answer 404 instead; this is left for refused forms."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: there is no such page, or it does not exist for this person.

    What somebody wrote on a page of ours, which is not theirs any more, is given back to them.
    """
    kept = kept_from(request) if request.method == "POST" and _sent_by_our_page(request) else None
    return render(request, "404.html", {"kept": kept}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a page that needs neither the database nor the person."""
    return render(None, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose protection token is missing or stale.

    The token of a page goes stale when the person signs in again in another tab. A form that our own page
    sent is given back with its text and a fresh token; one from another site gets a plain refusal. Our script
    fetches a fresh token itself.
    """
    if wants_json(request):
        return JsonResponse({"stale_token": True}, status=403)
    kept = kept_from(request) if _sent_by_our_page(request) else None
    if kept is None:
        return render(request, "403.html", status=403)
    return render(request, "registration/save_again.html", {"kept": kept}, status=403)


def _sent_by_our_page(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    own_host = urlsplit(origin).netloc == request.get_host()
    return own_host and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
