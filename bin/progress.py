"""Long steps at a terminal: what is being done, how far it is, and what went wrong in a sentence."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

SECONDS_BETWEEN_LINES = 5
SECONDS_TO_END = 5


class StepFailedError(Exception):
    """A step did not succeed; the message says which, why as far as known, and what to do."""


class Step:
    """One long step: a line that is rewritten in place at a terminal, and repeated now and then in a log."""

    def __init__(self, name: str, of: int | None = None) -> None:
        self.name = name
        self._of = of
        self._done = 0
        self._began = time.monotonic()
        self._shown = 0.0
        self._width = 0
        self._show("")

    def advance(self, what: str) -> None:
        """Count one more thing done, `what`, and show it."""
        self._done += 1
        if self._in_place() or time.monotonic() - self._shown > SECONDS_BETWEEN_LINES:
            count = f"{min(self._done, self._of)} of {self._of}" if self._of else f"{self._done}"
            self._show(f": {count} ({what})")

    def finish(self, remark: str = "") -> None:
        """Say that the step is done and how long it took."""
        seconds = time.monotonic() - self._began
        self._show(f": {remark or 'done'} ({seconds:.1f} s)")
        if self._in_place():
            print(flush=True)

    def _show(self, state: str) -> None:
        self._shown = time.monotonic()
        text = f"  {self.name}{state}"
        if self._in_place():
            print(f"\r{text:<{self._width}}", end="", flush=True)
            self._width = len(text)
        else:
            print(text, flush=True)

    @staticmethod
    def _in_place() -> bool:
        return sys.stdout.isatty()


def run_step(
    name: str,
    command: Sequence[str | Path],
    *,
    mend: str,
    counts: str = "(?!)",
    of: int | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    """Run `command` as the long step `name`, counting the lines of its output that match `counts`.

    The first group of `counts` names the thing counted. Raises StepFailedError with the end of the output and
    `mend`, a sentence on what to do.
    """
    step = Step(name, of)
    tail: deque[str] = deque(maxlen=15)
    pattern = re.compile(counts)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
            cwd=folder,
        )
    except OSError as error:
        raise StepFailedError(f"{name} could not start: {error}. {mend}") from error
    with _ended_with_us(process):
        assert process.stdout is not None  # noqa: S101 - asked for above
        for line in process.stdout:
            tail.append(line.rstrip())
            if match := pattern.search(line):
                step.advance(match.group(1))
        code = process.wait()
    if code != 0:
        step.finish("failed")
        raise StepFailedError("\n".join([*(f"    {line}" for line in tail), f"{name} failed. {mend}"]))
    step.finish()


@contextlib.contextmanager
def _ended_with_us(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()
