"""Mail: in a demo the messages themselves, and for administrators what became of each."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from surveys.actions.mail import send_again
from surveys.queries.mail import mail_page, shown_mail
from surveys.views.crumbs import Crumb
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest
from surveys.views.submitting import attempt


@require_safe
def demo_mail(request: PersonRequest) -> HttpResponse:
    """Show every message of a demo, which sends none, to everybody: nobody in it is real. 404 elsewhere."""
    if not settings.DEMO:
        raise Http404
    page = shown_mail(request.GET.get("page", "1"))
    context = {"page": page, "crumbs": (_home(),)}
    return render(request, "surveys/mail/shown.html", context | neighbours(request, page.number, page.pages))


@require_safe
def mail_status(request: PersonRequest) -> HttpResponse:
    """List the messages for administrators: what was not delivered, what waits, what was sent."""
    return _status(request, forms.Form())


@require_POST
def send_message_again(request: PersonRequest, message_id: int) -> HttpResponse:
    """Queue a message that was not delivered."""
    form = forms.Form(request.POST)
    message = attempt(form, lambda: send_again(by=request.user, message_id=message_id))
    if message is None:
        return _status(request, form)
    messages.success(request, f"The message to {message.address} is queued again.")
    return redirect("mail_status")


def _status(request: PersonRequest, form: forms.Form) -> HttpResponse:
    page = mail_page(request.user, request.GET.get("page", "1"))
    context = {"page": page, "form": form, "demo": settings.DEMO, "crumbs": (_home(),)}
    return render(request, "surveys/mail/status.html", context | neighbours(request, page.number, page.pages))


def _home() -> Crumb:
    return Crumb("Home", reverse("home"))
