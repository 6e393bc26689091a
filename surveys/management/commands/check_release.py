"""Say whether stored releases of results are what was signed, and what their pages say."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.models import Membership, Person, Release
from surveys.permissions import Permission, roles_with
from surveys.queries.release_checks import Check, frozen_checks
from surveys.queries.results.shown_checks import shown_checks, views_of


class Command(BaseCommand):
    """Check releases; nothing is written."""

    help = (
        "Score the signed submissions of releases again and compare them with what is stored, and what the "
        "database holds with what pages show an administrator. Says what was checked of each release. Ends "
        "with code 1 when a check fails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the keys of releases, as they stand in addresses; none stands for every release."""
        parser.add_argument(
            "releases", nargs="*", type=int, metavar="RELEASE", help="a release; every release without one"
        )

    def handle(self, *_args: Any, releases: list[int], **_options: Any) -> None:
        """Check them all before anything is refused."""
        faults: list[str] = []
        for release in _found(releases):
            name = f"{release} of {release.round}"
            for check in _checks(release):
                self.stdout.write(
                    f"{name}: {check.name}: {'passed' if check.passed else 'FAILED'}. {check.found}"
                )
                faults += [f"{name}: {check.name}: {fault}" for fault in check.faults]
        if faults:
            raise CommandError("\n".join(faults))


def _found(keys: list[int]) -> list[Release]:
    rows = Release.objects.select_related("round__questionnaire", "withdrawal").order_by("pk")
    found = list(rows.filter(pk__in=keys) if keys else rows)
    if missing := sorted(set(keys) - {release.pk for release in found}):
        raise CommandError(
            f"There is no release {missing[0]}. Its number stands in the address of its pages."
        )
    return found


def _checks(release: Release) -> Iterator[Check]:
    yield from frozen_checks(release, {})
    reader = _administrator()
    # A release that was withdrawn has no pages.
    if reader is not None and not hasattr(release, "withdrawal"):
        yield from shown_checks(views_of(reader, release.pk))


def _administrator() -> Person | None:
    posts = Membership.objects.current().filter(
        role__in=roles_with(Permission.MANAGE), person__is_active=True
    )
    post = posts.select_related("person").order_by("pk").first()
    return post.person if post else None
