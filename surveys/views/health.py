"""What a load balancer asks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process lives, whatever the database does."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and every migration is applied, else 503 with the reason."""
    try:
        loader = MigrationLoader(connection)
    except DatabaseError:
        return _not_ready("The database does not answer. Check DATABASE_URL and the database server.")
    waiting = set(loader.graph.nodes) - set(loader.applied_migrations)
    if waiting:
        are = "migration is" if len(waiting) == 1 else "migrations are"
        return _not_ready(f"{len(waiting)} {are} not applied. Run: python manage.py migrate")
    return HttpResponse("ready\n", content_type="text/plain")


def _not_ready(reason: str) -> HttpResponse:
    return HttpResponse(reason + "\n", content_type="text/plain", status=503)
