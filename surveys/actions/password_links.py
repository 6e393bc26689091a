"""Links to choose a password, for people who ask for one on the sign-in page."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from surveys import emails
from surveys.actions.mail import queue_mail
from surveys.actions.queueing import SOON, enqueue
from surveys.models import Message, Person

SEND_LINK: Final = "mail.password_link"
"""The name of the task that looks for the account."""

LINKS_IN_AN_HOUR: Final = 3


def ask_for_password_link(*, email: str, site: str) -> None:
    """Have the worker send a link to this address if there is an account. `site` has no path.

    The account is looked for later, by the worker: an address with an account and one without take the same
    time here, and so tell nothing.
    """
    enqueue(SEND_LINK, priority=SOON, email=email, site=site)


@transaction.atomic
def send_password_link(*, email: str, site: str) -> None:
    """Queue the link for the active person with this address, if there is one, at most three in an hour.

    It goes to the address as it is stored, and people who were invited and have no password yet get one too.
    """
    # Locked, so that two requests at the same moment count one after the other.
    rows = Person.objects.at(email).select_for_update(no_key=True).filter(is_active=True)
    person = rows.first()
    if person is None:
        return
    an_hour_ago = timezone.now() - datetime.timedelta(hours=1)
    recent = person.messages.filter(kind=Message.Kind.PASSWORD_LINK, queued_at__gt=an_hour_ago)
    if recent.count() < LINKS_IN_AN_HOUR:
        queue_mail(
            mail=emails.password_link(person, site=site), kind=Message.Kind.PASSWORD_LINK, person=person
        )
