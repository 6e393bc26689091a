"""What Linux offers against orphans: a signal when the process that started us dies."""

from __future__ import annotations

import contextlib
import ctypes
import signal

SET_PARENT_DEATH_SIGNAL = 1


def end_with_parent(number: signal.Signals) -> None:
    """Have the kernel send `number` to this process when its parent dies; do nothing where it is not Linux.

    Safe between fork and exec, and kept by what the process then becomes.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, number)
