"""The pages that anybody may read, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.inspection import axe_clean, fits_across
from tests.browser.trouble import Trouble

OPEN_PAGES = ["/sign-in/", "/password/"]


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_an_open_page_is_accessible_and_quiet(page_at_each_width: Page, address: str) -> None:
    page_at_each_width.goto(address)

    axe_clean(page_at_each_width)
    fits_across(page_at_each_width)


def test_a_page_that_is_not_there_says_so(page: Page, trouble: Trouble) -> None:
    trouble.expect("404 GET /nowhere/")

    page.goto("/nowhere/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    axe_clean(page)
