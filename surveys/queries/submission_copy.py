"""The numbered copy of an assessment that is signed: written as canonical JSON, and read back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from surveys.queries.assessments import StoredAnswer
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import Instrument
from surveys.questionnaires.canonical import canonical
from surveys.questionnaires.responses import EMPTY, Response, asked, is_answered
from surveys.questionnaires.signed_copy import answers_document, responses_from

FORMAT: Final = "ics-data-maturity-survey submission 1"


@dataclass(frozen=True)
class CopiedAssessment:
    """What a copy says of the assessment that it is of. `sent_at` None: it was never sent for sign-off."""

    organisation_name: str
    ods_code: str
    region_name: str
    round_title: str
    reference_date: datetime.date
    sent_by: str
    sent_at: datetime.datetime | None


@dataclass(frozen=True)
class Signature:
    """Who signs copy `number` and its declaration, as they write it themselves, the account, and when."""

    number: int
    name: str
    job_title: str
    account: str
    declaration: str
    at: datetime.datetime


@dataclass(frozen=True)
class AnsweredBy:
    """Who gave an answer, and when. `confirmed_from` is the title of the round whose answer it confirmed."""

    name: str
    at: datetime.datetime
    confirmed_from: str = ""

    @property
    def words(self) -> str:
        """Who gave it and when, such as "Lena Lead, Monday 2 March 2026 at 9am"."""
        confirmed = f", confirmed from {self.confirmed_from}" if self.confirmed_from else ""
        return f"{self.name}, {moment_in_words(self.at)}{confirmed}"


@dataclass(frozen=True)
class SubmittedCopy:
    """What a submission holds, by question code. Questions without an answer are in neither mapping."""

    responses: Mapping[str, Response]
    answered_by: Mapping[str, AnsweredBy]


def written_copy(
    assessment: CopiedAssessment,
    instrument: Instrument,
    answers: Mapping[str, StoredAnswer],
    signature: Signature,
) -> str:
    """Return the copy as one line of JSON: equal copies are equal text. Numbers are text, to stay exact."""
    responses = {code: answer.response for code, answer in answers.items()}
    content: dict[str, Any] = {
        "format": FORMAT,
        "number": signature.number,
        "organisation": {
            "name": assessment.organisation_name,
            "ods_code": assessment.ods_code,
            "region": assessment.region_name,
        },
        "round": {"title": assessment.round_title, "reference_date": assessment.reference_date.isoformat()},
        "questionnaire": {
            "key": instrument.content.key,
            "version": instrument.content.version,
            "title": instrument.content.title,
            "sha256": instrument.digest,
        },
        "questions": _questions(instrument, responses),
        "answers": answers_document(responses),
        "answered": {code: _answered(answer) for code, answer in answers.items() if answer.response != EMPTY},
        "sent_for_signoff": {
            "by": assessment.sent_by,
            "at": assessment.sent_at.isoformat() if assessment.sent_at else None,
        },
        "declaration": {
            "text": signature.declaration,
            "signed_by": signature.name,
            "job_title": signature.job_title,
            "account": signature.account,
            "signed_at": signature.at.isoformat(),
        },
    }
    return canonical(content)


def _answered(answer: StoredAnswer) -> dict[str, Any]:
    given = {"by": answer.by, "at": answer.at.isoformat(), "version": answer.version}
    return given | {"confirmed_from": answer.confirmed_from} if answer.confirmed_from else given


def _questions(instrument: Instrument, responses: Mapping[str, Response]) -> list[dict[str, Any]]:
    on_view = asked(instrument.content, responses)
    return [
        {
            "code": question.code,
            "dimension": dimension.code,
            "text": question.text,
            "asked": question.code in on_view,
            "answered": is_answered(question, responses.get(question.code, EMPTY)),
        }
        for dimension in instrument.content.dimensions
        for question in dimension.all_questions
    ]


def read_copy(content: str) -> SubmittedCopy:
    """Return what a copy holds. Raises KeyError, TypeError or ValueError for any other text."""
    document = json.loads(content)
    return SubmittedCopy(
        responses=responses_from(document["answers"]),
        answered_by={
            code: AnsweredBy(
                entry["by"], datetime.datetime.fromisoformat(entry["at"]), entry.get("confirmed_from", "")
            )
            for code, entry in document.get("answered", {}).items()
        },
    )
