"""What a page must not do while a test uses it, unless the test says that it will."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Chromium repeats every answer of 400 or more on the console; the answer itself is noted already.
REPEATED_ON_CONSOLE = "Failed to load resource: the server responded"
TELL_POLICY_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`Content-Security-Policy: ${event.effectiveDirective} stopped ${event.blockedURI}`));
"""


@dataclass
class Trouble:
    """Console errors, errors in scripts, policy violations, failed requests and answers of 400 or more.

    Each is one line: `console: ...`, `script: ...`, `failed: GET /path net::ERR_...` or `404 GET /path`.
    """

    seen: list[str] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Declare trouble that this test is about, by a regular expression that the whole line matches."""
        self._expected.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        """Note the trouble of every page of `context` from now on."""
        context.add_init_script(TELL_POLICY_VIOLATIONS)
        context.on("page", self._watch_page)
        context.on("response", self._note_response)
        context.on("requestfailed", self._note_failure)

    def unexpected(self) -> list[str]:
        """The lines that the test did not declare, and the declarations that nothing matched."""
        lines = [line for line in self.seen if not any(re.fullmatch(one, line) for one in self._expected)]
        in_vain = [one for one in self._expected if not any(re.fullmatch(one, line) for line in self.seen)]
        return lines + [f"expected, but it did not happen: {one}" for one in in_vain]

    def _watch_page(self, page: Page) -> None:
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.seen.append(f"script: {error}"))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REPEATED_ON_CONSOLE):
            self.seen.append(f"console: {message.text}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.seen.append(f"{response.status} {response.request.method} {_path(response.url)}")

    def _note_failure(self, request: Request) -> None:
        # What the browser itself gives up on leaving the page, or turns into a download, is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"failed: {request.method} {_path(request.url)} {request.failure}")


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path if parts.hostname == "127.0.0.1" else url
