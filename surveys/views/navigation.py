"""What stands around every page: the service's name, the person, and where they can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from surveys.permissions import AnyPerson, Permission, has_anywhere, posts


@dataclass(frozen=True)
class NavigationItem:
    """A link of the header; `current` when the page lies below it."""

    label: str
    url: str
    current: bool


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the frame of a page. A person without memberships costs no query."""
    person: AnyPerson | None = getattr(request, "user", None)
    return {
        "service_name": settings.SERVICE_NAME,
        "national_body": settings.NATIONAL_BODY,
        "demonstration": settings.DEMO,
        "support_email": settings.SUPPORT_EMAIL,
        "person": person if person is not None and person.is_authenticated else None,
        "navigation": _navigation(request, person) if person is not None else (),
        "member": person is not None and bool(posts(person)),
    }


def _navigation(request: HttpRequest, person: AnyPerson) -> tuple[NavigationItem, ...]:
    if not person.is_authenticated:
        return ()
    places = [("Home", reverse("home"))]
    if posts(person):
        places.append(("Results", reverse("results")))
    if has_anywhere(person, Permission.FOLLOW):
        places.append(("Rounds", reverse("rounds")))
    if has_anywhere(person, Permission.MANAGE):
        places += [
            ("Questionnaires", reverse("questionnaires")),
            ("Organisations", reverse("organisations")),
            ("People", reverse("people")),
            ("Mail", reverse("mail_status")),
            ("Activity", reverse("activity")),
        ]
    if settings.DEMO:
        places.append(("Sent mail", reverse("demo_mail")))
    above = [url for _, url in places if url == request.path or (url != "/" and request.path.startswith(url))]
    here = max(above, key=len, default="")
    return tuple(NavigationItem(label, url, url == here) for label, url in places)
