"""Groups of systems that people save to compare them again."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from surveys.models.organisation import Organisation
from surveys.models.person import Person

LONGEST_GROUP_NAME: Final = 80
"""The most characters of a group's name."""


class SystemGroup(models.Model):
    """Systems to put side by side under a name. It holds organisations, so it stands for every round.

    A shared group is there for everybody with a role; another one for its owner and administrators alone.
    """

    name = models.CharField(max_length=LONGEST_GROUP_NAME)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="system_groups")
    shared = models.BooleanField(default=False, help_text="Whether everybody with a role may use it.")
    created_at = models.DateTimeField(default=timezone.now)
    systems = models.ManyToManyField(Organisation, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), "owner", name="system_group_name_once_an_owner"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="system_group_name_not_blank"),
        ]

    def __str__(self) -> str:
        return self.name
