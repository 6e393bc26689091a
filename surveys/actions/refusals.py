"""How an action says no to a person."""

from __future__ import annotations


class Refused(Exception):
    """What was asked cannot be done now. `message` says in plain English what to do; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
