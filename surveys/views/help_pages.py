"""Open pages that explain the product."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.permissions import GRANTS, ROLE_DESCRIPTIONS, Permission, Role


@dataclass(frozen=True)
class RoleLine:
    """A role in plain English."""

    name: str
    description: str
    may: tuple[str, ...]


@login_not_required
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show what each role may do, from the grants that the product itself uses."""
    lines = tuple(
        RoleLine(
            Role(role).label,
            ROLE_DESCRIPTIONS[role],
            tuple(permission.value for permission in Permission if permission in granted),
        )
        for role, granted in GRANTS.items()
    )
    return render(request, "surveys/help/roles.html", {"roles": lines})


@login_not_required
@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Show how scores and statistics are made."""
    return render(request, "surveys/help/method.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what was done so that everybody can use the service, and what is known to be missing."""
    return render(request, "surveys/help/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show which personal data the service holds and why."""
    return render(request, "surveys/help/privacy.html")
