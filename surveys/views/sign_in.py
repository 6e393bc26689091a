"""Signing in and out, passwords, and what happens to typed text when a session has ended."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, Final

from axes.utils import reset
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import (
    LoginView,
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
)
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator

from surveys.actions.password_links import ask_for_password_link
from surveys.forms.kept import ADDRESS_FIELD, KEPT_FIELD, Kept, kept_from, kept_in
from surveys.forms.sign_in import ChoosePasswordForm, PasswordLinkForm, SignInForm
from surveys.views.requests import page_or_post, wants_json

NO_ADDRESS: Final = "::"
_WITH_PORT: Final = re.compile(r"(?:\[(?P<bracketed>[^]]+)\]|(?P<plain>[0-9.]+))(?::[0-9]+)?")
SIGN_IN_PAGE = "registration/sign_in.html"


def client_address(request: HttpRequest) -> str:
    """Return the address that a request came from; behind our proxy, the one that the proxy saw.

    Of an IPv6 address it is the network of 64 bits, all of which one subscriber has: guesses from each of its
    addresses count together. NO_ADDRESS behind a socket: without an address no attempt would count at all.
    """
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    seen = (_address(forwarded.rpartition(",")[2]), _address(request.META.get("REMOTE_ADDR", "")))
    return next(filter(None, seen), NO_ADDRESS)


def _address(text: str) -> str:
    """Return the IP address in a text, which may have a port behind it as some proxies write; or nothing."""
    found = _WITH_PORT.fullmatch(text.strip())
    try:
        address = ip_address(text.strip() if found is None else found["bracketed"] or found["plain"])
    except ValueError:
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False).network_address)


class SignInRequired(LoginRequiredMiddleware):
    """Everything is closed unless a view opts out. A form that comes after the session has ended is kept."""

    def handle_no_permission(  # type: ignore[override]  # Django's stubs promise a redirect where Django needs none
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """Send a reader to the sign-in page; answer a form with a sign-in page that carries its fields.

        Our script, which keeps its own text, is only told where to sign in.
        """
        if wants_json(request):
            return JsonResponse({"sign_in": reverse("sign_in")}, status=401)
        kept = kept_from(request) if request.method == "POST" else None
        if kept is None:
            return super().handle_no_permission(request, view_func)
        return render(request, SIGN_IN_PAGE, _page(SignInForm(request), kept), status=401)


def _page(form: SignInForm, kept: Kept | None) -> dict[str, Any]:
    return {"form": form, "kept": kept, "kept_field": KEPT_FIELD, "address_field": ADDRESS_FIELD}


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """The sign-in page. When it carries typed text, signing in leads to a page that saves it."""

    authentication_form = SignInForm
    template_name = SIGN_IN_PAGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context, with what the page carries."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | _page(context["form"], kept_in(self.request.POST))

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; then go where the person was going, or offer to save what they had typed."""
        response = super().form_valid(form)
        kept = kept_in(self.request.POST)
        if kept is None:
            return response
        return render(self.request, "registration/save_again.html", {"kept": kept, "signed_in": True})


@login_not_required
@page_or_post
def password_link(request: HttpRequest) -> HttpResponse:
    """Take an e-mail address for a link; the answer is the same whether or not there is an account."""
    form = PasswordLinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        ask_for_password_link(email=form.cleaned_data["email"], site=request.build_absolute_uri("/"))
        return redirect("password_link_sent")
    return render(request, "registration/password_link.html", {"form": form})


@method_decorator(login_not_required, name="dispatch")
class PasswordLinkSent(PasswordResetDoneView):
    """Says that a link is on its way if there is an account."""

    template_name = "registration/password_link_sent.html"


@method_decorator(login_not_required, name="dispatch")
class ChoosePassword(PasswordResetConfirmView):
    """Takes the new password of somebody who followed the link."""

    form_class = ChoosePasswordForm
    template_name = "registration/choose_password.html"
    success_url = reverse_lazy("password_chosen")

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the password and lift a pause on the address: its owner has shown who they are."""
        response = super().form_valid(form)
        reset(username=form.user.email.lower())
        return response


@method_decorator(login_not_required, name="dispatch")
class PasswordChosen(PasswordResetCompleteView):
    """Says that the password is set."""

    template_name = "registration/password_chosen.html"
