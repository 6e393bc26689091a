"""Find a Chromium for the tests: the machine's own, or the one that Playwright fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OF_MACOS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


def find_browser() -> Path | None:
    """The first Chromium that starts, or None; BROWSER_FOR_TESTS names one to look at before all others."""
    named = os.environ.get("BROWSER_FOR_TESTS")
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    candidates = [*([Path(named)] if named else []), *on_path, *OF_MACOS]
    return next((path for path in candidates if _starts(path)), None) or _of_playwright()


def _of_playwright() -> Path | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if _starts(path) else None


def _starts(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
