"""What every page of results has in common: who may open it, when it has changed, what stands around it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.crypto import salted_hmac
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from surveys.permissions import AnyPerson, posts
from surveys.queries.results.listing import release_among, rounds_with_results
from surveys.queries.results.released import NoSuchRelease, ReleaseHead
from surveys.queries.results.withdrawn import WithdrawnRelease, withdrawal_of
from surveys.views.crumbs import Crumb
from surveys.views.release_switch import (
    ReleaseRequest,
    kept_choices,
    release_asked_for,
    release_choice,
    release_switch,
)

View = Callable[..., HttpResponseBase]

_MADE_FROM = ("maturity", "surveys", "templates", "static")


def open_when_public(view: View) -> View:
    """Let everybody read what is public, and ask whoever has not signed in to do so for the rest.

    A release that is not public and one that does not exist look the same from outside. In place of one that
    was withdrawn stands why.
    """

    @login_not_required
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NoSuchRelease:
            notice = withdrawal_of(request.user, kwargs["release_id"]) if "release_id" in kwargs else None
            if notice is not None:
                return _withdrawn(request, notice)
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return answer


def _withdrawn(request: HttpRequest, notice: WithdrawnRelease) -> HttpResponse:
    context = {
        "notice": notice,
        "synthetic": notice.synthetic,
        "crumbs": (Crumb("Results", reverse("results")),),
    }
    return render(request, "surveys/results/withdrawn.html", context, status=410)


def release_page(view: View) -> View:
    """Open a page of one release as `open_when_public` does, and answer 304 to whoever has it already.

    What a release holds never changes, so the page depends on the releases that may be read, on who reads,
    on the address with its parameters, and on the code. `view` takes the release's key as `release_id`. Only
    a public page that is read without signing in may be kept by a proxy, which has to ask each time whether
    it still stands.
    """

    @open_when_public
    @wraps(view)
    def answer(request: ReleaseRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        head = _find(request, kwargs["release_id"])
        if (elsewhere := release_asked_for(request, head)) is not None:
            return redirect(elsewhere)
        if messages.get_messages(request):
            return view(request, *args, **kwargs)
        etag = quote_etag(_state(request))
        kept = get_conditional_response(request, etag=etag)
        response = kept if kept is not None else view(request, *args, **kwargs)
        if response.status_code in {200, 304}:
            response.headers["ETag"] = etag
            if head.public and not head.provisional and not request.user.is_authenticated:
                patch_cache_control(response, public=True, no_cache=True)
        return response

    return answer


def living_release_page(view: View) -> View:
    """Open a page of one release that also shows what changes without a release, such as who to ask."""

    @open_when_public
    @wraps(view)
    def answer(request: ReleaseRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        head = _find(request, kwargs["release_id"])
        if (elsewhere := release_asked_for(request, head)) is not None:
            return redirect(elsewhere)
        return view(request, *args, **kwargs)

    return answer


def frame(request: ReleaseRequest, head: ReleaseHead, *crumbs: Crumb) -> dict[str, Any]:
    """Return the context of what stands around a page of a release."""
    switch = release_switch(request, head)
    return {
        "switch": switch,
        "release_choice": release_choice(request, switch),
        "kept_choices": kept_choices(request),
        "head": head,
        "synthetic": head.synthetic,
        "crumbs": (Crumb("Results", reverse("results")), *crumbs),
    }


def overview_crumb(head: ReleaseHead) -> Crumb:
    """Return the step to the overview of a release."""
    return Crumb(head.round_title, reverse("results_overview", args=[head.id]))


def _find(request: ReleaseRequest, release_id: int) -> ReleaseHead:
    """Note what the person may read, and return the release. Raises NoSuchRelease for any other."""
    request.rounds = rounds_with_results(request.user)
    return release_among(request.rounds, release_id)


def _state(request: ReleaseRequest) -> str:
    """Return a digest of everything that the page depends on.

    The day is part of it because memberships and regions begin and end with a day, the cookie because the
    button that signs out carries what fits it.
    """
    person: AnyPerson = request.user
    reader = (person.pk, getattr(person, "name", ""), getattr(person, "email", ""), posts(person))
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    state = (_code(), request.rounds, reader, cookie, timezone.localdate(), request.get_full_path())
    return salted_hmac("page of results", repr(state), algorithm="sha256").hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """Return a digest of the code, the templates and the static files: a new version makes other pages."""
    paths = (path for folder in _MADE_FROM for path in sorted((settings.BASE_DIR / folder).rglob("*.*")))
    made_from = (path.read_bytes() for path in paths if path.is_file() and path.suffix != ".pyc")
    return hashlib.sha256(b"".join(made_from)).hexdigest()
