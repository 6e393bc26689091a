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


def main() -> int:
    import django
    from django.core.management import CommandError, call_command, get_commands
    from django.db import DatabaseError

    try:
        django.setup()
        known = get_commands()
        for name, command, options in (
            ("Bringing the tables up to date", "migrate", {"verbosity": 0, "interactive": False}),
            ("Making the synthetic demo rounds", "make_demo_data", {"password": os.environ["DEMO_PASSWORD"]}),
        ):
            if command not in known:
                continue
            step = Step(name)
            call_command(command, **options)
            step.finish()
    except (CommandError, DatabaseError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
