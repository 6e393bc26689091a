"""The way to a page, for the component breadcrumb.html."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Crumb:
    """One step: what it is called and where it is."""

    label: str
    url: str
