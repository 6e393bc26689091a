"""How many statements to the database a page and a save take, counted in this process."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.country import Respondent
from bench.speed import FailedRequestError
from bench.wire import HOST
from surveys.questionnaires.schema import QuestionKind


def statements(who: Respondent) -> dict[str, int]:
    """Return how many statements a section page and a save of one answer take, by the kind of request.

    Those for the session and the person are among them; what a process reads once is not. Raises
    FailedRequestError.
    """
    client = Client(SERVER_NAME=HOST)
    client.cookies.load(who.cookies)
    dimension = who.dimensions[0]
    address = f"/assessments/{who.assessment_id}/sections/{dimension.code}/"
    code = next(each.code for each in dimension.all_questions if each.kind == QuestionKind.MATURITY)
    counted: dict[str, int] = {}
    # The first time, what a process keeps is read as well.
    for level in (1, 2):
        counted["section page"] = _count(client, "get", address)
        version = client.get(address, headers={"accept": "application/json"}).json()["versions"][code]
        fields = {"person": who.person_id, f"{code}:version": version, f"{code}:level": level}
        counted["save"] = _count(client, "post", address, fields, headers={"accept": "application/json"})
    return counted


def _count(client: Client, method: str, *request: Any, **more: Any) -> int:
    with CaptureQueriesContext(connection) as made:
        answered = getattr(client, method)(*request, **more)
    if answered.status_code != HTTPStatus.OK:
        raise FailedRequestError(f"The site answered {answered.status_code}.")
    return len(made)
