"""Answering a section as people do: by the words of the question and of its choices."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

EVERY_QUESTION = re.compile("^Question ")


def question(page: Page, text: str) -> Locator:
    """The part of the page with the question that reads `text`."""
    return page.get_by_role("region", name=EVERY_QUESTION).filter(has_text=text)


def choose(page: Page, text: str, *choices: str) -> None:
    """Choose levels or options of a question by their labels."""
    for choice in choices:
        question(page, text).get_by_label(choice, exact=True).check()


def fill(page: Page, text: str, words: str, *, field: str = "") -> None:
    """Type into a question's field: the one called like the question, or the one called `field`."""
    question(page, text).get_by_label(field or text, exact=True).fill(words)


def comment(page: Page, text: str, words: str) -> None:
    """Comment on a question, for which some have to be opened first."""
    box = question(page, text).get_by_label("Comment (optional)")
    if not box.is_visible():
        question(page, text).get_by_text("Add a comment").click()
    box.fill(words)


def save_and_continue(page: Page) -> None:
    """Save the section and go on to the next page."""
    page.get_by_role("button", name="Save and continue").click()


def sign(page: Page, name: str, job_title: str) -> None:
    """Agree to the declaration on the sign-off page, and sign."""
    page.get_by_label("Your full name").fill(name)
    page.get_by_label("Your job title").fill(job_title)
    page.get_by_label("I agree to this declaration").check()
    page.get_by_role("button", name="Sign and submit").click()
