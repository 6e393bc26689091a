"""What an action says when it says no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from surveys.actions.refusals import Refused


def refusal(act: Callable[..., Any], **arguments: Any) -> str:
    """The sentence with which an action refuses."""
    with pytest.raises(Refused) as refused:
        act(**arguments)
    return refused.value.message
