"""Every address. The identity of what a page shows is in its address, never in the session."""

from __future__ import annotations

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
