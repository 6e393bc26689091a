"""Organisations: their dated names, codes, parents, populations and successions.

A row of `Organisation` is only the identity and its life; what may change over time hangs from it with a
period. Exclusion constraints keep two periods of the same thing from overlapping. Without extensions
PostgreSQL takes no plain equality into such a constraint, so a key stands in it as the range of that key
alone.
"""

from __future__ import annotations

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value

_KEY_RANGE = "int8range(%(expressions)s, '[]')"
_TEXT_RANGE = "textrange(%(expressions)s, '[]')"


def _same_key(field: str) -> Func:
    return Func(F(field), F(field), template=_KEY_RANGE)


def _same_text(field: str) -> Func:
    return Func(F(field), F(field), template=_TEXT_RANGE)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations as they are on a day."""

    def as_at(self, day: datetime.date) -> OrganisationQuerySet:
        """Annotate `name`, `official_name`, `ods_code`, `ons_code` and `parent_id` as on `day`.

        A closed organisation keeps its last name, codes and parent. Each is None where none is known.
        """
        names = OrganisationName.objects.filter(organisation=OuterRef("pk"), period__contains=day)
        codes = OrganisationCode.objects.filter(organisation=OuterRef("pk"), period__contains=day)
        parents = Affiliation.objects.filter(organisation=OuterRef("pk"), period__contains=day)
        # A mapping, because the type checker takes keywords for a second definition of the attributes.
        known = {
            "name": names.values("short_name"),
            "official_name": names.values("official_name"),
            "ods_code": codes.filter(scheme=OrganisationCode.Scheme.ODS).values("code"),
            "ons_code": codes.filter(scheme=OrganisationCode.Scheme.ONS).values("code"),
            "parent_id": parents.values("parent_id"),
        }
        return self.annotate(**{attribute: Subquery(rows[:1]) for attribute, rows in known.items()})

    def open_on(self, day: datetime.date) -> OrganisationQuerySet:
        """Keep the organisations that exist on `day`; the closing day is their last."""
        return self.filter(opened_on__lte=day).filter(Q(closed_on=None) | Q(closed_on__gte=day))


class Organisation(models.Model):
    """Anything with an ODS code: the nation, a region, a system."""

    class Kind(models.TextChoices):
        """Widest first: a parent's kind stands before its child's."""

        NATIONAL = "national", "National body"
        REGION = "region", "Region"
        ICS = "ics", "Integrated care system"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True, help_text="The last day on which it exists.")

    # On a row that `as_at` has read.
    name: str | None
    official_name: str | None
    ods_code: str | None
    ons_code: str | None
    parent_id: int | None

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["national", "region", "ics"]), name="organisation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="organisation_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"organisation {self.pk}"


class OrganisationName(models.Model):
    """What an organisation is called during a period."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    short_name = models.CharField(max_length=200)
    official_name = models.CharField(max_length=300)
    period = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisation_one_name_at_a_time",
                expressions=[
                    (_same_key("organisation_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=~Q(short_name="") & ~Q(official_name=""), name="organisation_name_not_blank"
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="organisation_name_period_not_empty"
            ),
        ]


class OrganisationCode(models.Model):
    """An identifier of an organisation in a scheme during a period. ODS codes have 3 or 5 characters."""

    class Scheme(models.TextChoices):
        """Who gives the code out."""

        ODS = "ods", "ODS code"
        ONS = "ons", "ONS code"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="codes")
    scheme = models.CharField(max_length=8, choices=Scheme.choices)
    code = models.CharField(max_length=12)
    period = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisation_one_code_at_a_time",
                expressions=[
                    (_same_key("organisation_id"), RangeOperators.OVERLAPS),
                    (_same_text("scheme"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="organisation_code_held_by_one",
                expressions=[
                    (_same_text("scheme"), RangeOperators.OVERLAPS),
                    (_same_text("code"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(scheme="ods", code__regex=r"^([A-Z0-9]{3}|[A-Z0-9]{5})$")
                | Q(scheme="ons", code__regex=r"^E[0-9]{8}$"),
                name="organisation_code_well_formed",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="organisation_code_period_not_empty"
            ),
        ]


class Affiliation(models.Model):
    """The parent of an organisation during a period: a system's region, a region's nation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="children")
    period = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="organisation_one_parent_at_a_time",
                expressions=[
                    (_same_key("organisation_id"), RangeOperators.OVERLAPS),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=~Q(organisation=F("parent")), name="organisation_not_its_own_parent"
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="affiliation_period_not_empty"),
        ]


class Population(models.Model):
    """How many people an organisation serves, by a stated measure, in a year, from a stated source."""

    class Measure(models.TextChoices):
        """Registered with its practices, or living in its area."""

        REGISTERED = "registered", "Registered patients"
        RESIDENT = "resident", "Residents"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="populations")
    measure = models.CharField(max_length=16, choices=Measure.choices)
    year = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "measure", "year"], name="population_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["registered", "resident"]), name="population_measure_known"
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="population_above_zero"),
            models.CheckConstraint(
                condition=Q(year__gte=1948, year__lte=2100), name="population_year_plausible"
            ),
        ]


class Succession(models.Model):
    """A dated step from an organisation to a later one: merger, split or boundary transfer."""

    class Kind(models.TextChoices):
        """What happened to the earlier organisation."""

        MERGER = "merger", "Merger"
        SPLIT = "split", "Split"
        BOUNDARY_TRANSFER = "boundary_transfer", "Boundary transfer"

    class Extent(models.TextChoices):
        """How much of the earlier organisation went."""

        WHOLE = "whole", "Whole"
        PART = "part", "Part"

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="origins")
    effective_on = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    extent = models.CharField(max_length=8, choices=Extent.choices)
    population_share = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    share_source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "effective_on"], name="succession_once_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_to_another_organisation"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["merger", "split", "boundary_transfer"]),
                name="succession_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(population_share=None)
                | Q(population_share__gt=Value(0), population_share__lte=Value(1)),
                name="succession_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(extent="part") | Q(extent="whole", population_share=1),
                name="succession_whole_takes_all",
            ),
        ]
