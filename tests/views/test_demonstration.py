"""A demonstration says on every page that what it shows was made up; a real survey never does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from surveys.models import Round
from tests.pages import as_, text_of
from tests.world import World

PLACES = [
    "/",
    "/sign-in/",
    "/people/",
    "/organisations/",
    "/questionnaires/",
    "/rounds/",
    "/method/",
    "/nowhere/",
]
SAID = "This is a demonstration: its people, answers and scores were made up and describe no real system."


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("demo", [True, False])
def test_every_page_of_a_demonstration_says_so(
    client: Client, world: World, settings: Any, place: str, demo: bool
) -> None:
    settings.DEMO = demo
    page = text_of(as_(client, world.administrator).get(place))

    assert (page.count(SAID), "Synthetic data" in page) == (int(demo), demo)


def test_a_page_with_synthetic_data_says_it_once(client: Client, world: World, settings: Any) -> None:
    settings.DEMO = True
    Round.objects.update(synthetic=True)
    page = text_of(as_(client, world.administrator).get(f"/rounds/{world.round.pk}/"))

    assert (SAID in page, page.count("Synthetic data")) == (False, 1)
