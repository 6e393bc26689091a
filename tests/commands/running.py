"""Running a command as an operator does, and reading what it says."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def said_by(name: str, *arguments: Any) -> str:
    """Run a command that works; return what it prints."""
    output = io.StringIO()
    call_command(name, *[str(argument) for argument in arguments], stdout=output)
    return output.getvalue()


def refused_by(name: str, *arguments: Any) -> str:
    """Run a command that refuses; return its message. manage.py prints that and ends with code 1."""
    with pytest.raises(CommandError) as refused:
        call_command(name, *[str(argument) for argument in arguments], stdout=io.StringIO())
    assert refused.value.returncode == 1
    return str(refused.value)
