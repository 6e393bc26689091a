"""Every address. The identity of what a page shows is in its address, never in the session."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

ACCOUNT: list[URLPattern] = []

ASSESSMENTS: list[URLPattern] = []

RESULTS: list[URLPattern] = []

ROUNDS: list[URLPattern] = []

QUESTIONNAIRES: list[URLPattern] = []

ORGANISATIONS: list[URLPattern] = []

PEOPLE: list[URLPattern] = []

HELP: list[URLPattern] = []

urlpatterns: list[URLPattern] = [
    *ACCOUNT,
    *ASSESSMENTS,
    *RESULTS,
    *ROUNDS,
    *QUESTIONNAIRES,
    *ORGANISATIONS,
    *PEOPLE,
    *HELP,
]
