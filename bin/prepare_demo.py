"""Fill the demo's database: tables, organisations, the questionnaire, and the synthetic rounds.

Started by demo.py with the settings in the environment; one process for all of it, since most of the time of
a short Django command is its start. Every command does nothing when its work is done already.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from progress import Step

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

STEPS = (
    ("Bringing the tables up to date", "migrate", "--no-input"),
    (
        "Loading the organisations",
        "load_organisations",
        ROOT / "reference" / "organisations" / "ics-2022.csv",
    ),
    *(
        (
            f"Publishing the questionnaire, version {version}",
            "publish_questionnaire",
            ROOT / "surveys" / "questionnaires" / "content" / f"ics-data-maturity-{version}.yaml",
        )
        for version in ("1.0", "1.1")
    ),
)


def main() -> int:
    import django
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError

    try:
        django.setup()
        for name, command, *arguments in STEPS:
            step = Step(name)
            call_command(command, *map(str, arguments), verbosity=0)
            step.finish()
        call_command("make_demo_data", password=os.environ["DEMO_PASSWORD"])
    except (CommandError, DatabaseError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
