"""Settings that cannot go together stop the start with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def start(**settings: str) -> str:
    """Read the settings in a process of its own: the last line of what it says, empty when they are good."""
    finished = subprocess.run(
        [sys.executable, "-c", "import maturity.settings"],
        env=os.environ | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.stderr.strip().rpartition("\n")[2]


def test_a_demo_has_no_mail_server() -> None:
    assert start(DEMO="true", EMAIL_URL="submission://survey:secret@mail.example.org:587") == (
        "django.core.exceptions.ImproperlyConfigured: The settings DEMO and EMAIL_URL contradict each other: "
        "a demo shows its mail on a page and sends none. Remove EMAIL_URL, or DEMO=true where real people "
        "use the site."
    )
    assert start(DEMO="true", EMAIL_URL="console:") == ""
    assert start(DEMO="false", EMAIL_URL="submission://survey:secret@mail.example.org:587") == ""
