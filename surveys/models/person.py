"""People who sign in, and their memberships: a role in an organisation for a time."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone

from surveys.models.immutability import never_deleted, never_truncated
from surveys.models.organisation import Organisation


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address, whatever its capitals."""

    def at(self, address: str) -> models.QuerySet[Person]:
        """Return the person with this e-mail address, or nobody.

        By small letters, as the unique constraint compares and attempts to sign in are counted. Capitals, by
        which `iexact` compares, make one letter of some that are two: a dotless i and an i, for example.
        """
        return self.alias(small=Lower("email")).filter(small=Lower(Value(address)))

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person with this e-mail address; raises Person.DoesNotExist."""
        return self.at(username or "").get()


class Person(AbstractBaseUser):
    """A human who signs in with an e-mail address."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=150)
    job_title = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    remembered_posts: tuple[Any, ...] | None = None
    """What permissions.posts has read for this object."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=~Q(name=""), name="person_name_not_blank"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Put the domain of the e-mail address in small letters."""
        super().clean()
        self.email = PersonManager.normalize_email(self.email)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships that hold now, or have ended."""

    def current(self) -> MembershipQuerySet:
        """Keep the memberships that have not ended."""
        return self.filter(ended_at=None)


@pghistory.track(meta={"triggers": [never_truncated()]})
class Membership(models.Model):
    """A person's role in one organisation, from when to when. It covers the organisations below."""

    class Role(models.TextChoices):
        """What a person does here; permissions.GRANTS says what each may do."""

        CONTRIBUTOR = "contributor", "Contributor"
        LEAD = "lead", "ICS data lead"
        APPROVER = "approver", "Approver"
        REGIONAL_ANALYST = "regional_analyst", "Regional analyst"
        NATIONAL_ANALYST = "national_analyst", "National analyst"
        ADMINISTRATOR = "administrator", "Programme administrator"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(ended_at=None),
                name="membership_held_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "contributor",
                        "lead",
                        "approver",
                        "regional_analyst",
                        "national_analyst",
                        "administrator",
                    ]
                ),
                name="membership_role_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
            ),
        ]
        # A deletion leaves no event, so that nobody could tell who had had access.
        triggers = never_deleted()

    def __str__(self) -> str:
        return f"{self.get_role_display()} of organisation {self.organisation_id}"
