"""The tests' own guard: what goes wrong in a page does not pass unseen."""

from __future__ import annotations

from playwright.sync_api import Page, Route

from tests.browser.trouble import Trouble

POLICY = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html"}


def show(page: Page, body: str) -> None:
    """Open a page with our policy and the given body."""

    def answer(route: Route) -> None:
        route.fulfill(headers=POLICY, body=f"<!doctype html><title>Made up</title>{body}")

    page.route("**/made-up/", answer)
    page.goto("/made-up/")


def test_an_inline_script_is_told(page: Page, trouble: Trouble) -> None:
    trouble.expect("console: Content-Security-Policy: script-src-elem stopped inline")
    trouble.expect("console: .*Content Security Policy.*")

    show(page, "<script>document.title = 'Changed'</script>")

    assert page.title() == "Made up"


def test_an_image_from_elsewhere_is_told(page: Page, trouble: Trouble) -> None:
    trouble.expect("console: Content-Security-Policy: img-src stopped https://example.org/a.png")
    trouble.expect("console: .*Content Security Policy.*")
    trouble.expect("failed: GET https://example.org/a.png csp")

    show(page, '<img alt="" src="https://example.org/a.png">')


def test_a_file_that_is_not_there_is_told(page: Page, trouble: Trouble) -> None:
    trouble.expect("404 GET /static/nothing.png")

    show(page, '<img alt="" src="/static/nothing.png">')


def test_trouble_that_was_not_declared_is_unexpected() -> None:
    trouble = Trouble(seen=["404 GET /a/", "console: broken"])
    trouble.expect("404 GET /a/")

    assert trouble.unexpected() == ["console: broken"]


def test_trouble_that_did_not_come_is_unexpected() -> None:
    trouble = Trouble()
    trouble.expect("500 GET /a/")

    assert trouble.unexpected() == ["expected, but it did not happen: 500 GET /a/"]
