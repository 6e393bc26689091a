"""The messages that the service sends: one function each. They raise what the mail server raises."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from surveys.models import Person

MailNotSent = (SMTPException, OSError)
"""What a mail server that fails, refuses or cannot be reached raises."""


def password_path(person: Person) -> str:
    """Return the address, from / on, at which a person sets a password. It works once, for a day."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("choose_password", args=[key, default_token_generator.make_token(person)])


def invitation(person: Person, *, site: str, invited_by: str) -> None:
    """Invite a new person to set a password. `site` is the address of the service without a path.

    Raises one of `MailNotSent`.
    """
    context = {
        "person": person,
        "invited_by": invited_by,
        "service_name": settings.SERVICE_NAME,
        "link": site.rstrip("/") + password_path(person),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "ask_again": site.rstrip("/") + reverse("password_link"),
        "support_email": settings.SUPPORT_EMAIL,
    }
    send_mail(
        f"Set your password for the {settings.SERVICE_NAME}",
        render_to_string("emails/invitation.txt", context),
        None,
        [person.email],
    )
