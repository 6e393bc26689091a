"""Whether a file is a submitted copy, byte for byte as it was signed. It is for operators, who see all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from surveys.models import Assessment, Submission
from surveys.queries.deadlines import moment_in_words
from surveys.questionnaires.canonical import canonical


@dataclass(frozen=True)
class CopyVerdict:
    """Whether a file is unchanged since it was signed, and in words which copy it is, or what is wrong."""

    unchanged: bool
    words: str


def copy_verdict(content: bytes) -> CopyVerdict:
    """Return what the content of a file is, compared with the copies that the database keeps."""
    digest = sha256(content).hexdigest()
    kept = _kept(digest)
    if kept is not None:
        return _genuine(kept, digest)
    claimed = _document(content)
    rewritten = _kept(_canonical_digest(claimed))
    if rewritten is not None:
        return CopyVerdict(
            unchanged=False,
            words=f"says the same as {_named(rewritten)}, but a program has written it anew, so that its "
            f"bytes are others. Download the copy again. Its SHA-256 is {digest} and not {rewritten.sha256}.",
        )
    original = _claimed(claimed)
    if original is not None:
        return CopyVerdict(
            unchanged=False,
            words=f"is not what was signed: it calls itself {_named(original)}, whose SHA-256 is "
            f"{original.sha256} and not {digest}.",
        )
    return CopyVerdict(
        unchanged=False,
        words="is not a submitted copy of this service, or was changed beyond recognition. "
        f"Its SHA-256 is {digest}.",
    )


def _genuine(kept: Submission, digest: str) -> CopyVerdict:
    if sha256(kept.content.encode()).hexdigest() != digest:
        return CopyVerdict(
            unchanged=False,
            words=f"is {_named(kept)} as it was signed, but the database no longer keeps it so: restore the "
            f"row {kept.pk} of surveys_submission from a backup.",
        )
    latest = kept.assessment.submissions.order_by("number").values_list("number", flat=True).last()
    standing = ""
    if latest != kept.number:
        standing = f" It is not the latest: that is copy {latest}."
    elif kept.assessment.status != Assessment.Status.SUBMITTED:
        standing = " The assessment was returned afterwards."
    return CopyVerdict(
        unchanged=True,
        words=f"is {_named(kept)}, unchanged. It was signed by {kept.signed_by_name} on "
        f"{moment_in_words(kept.signed_at)}.{standing} Its SHA-256 is {digest}.",
    )


def _named(kept: Submission) -> str:
    about = kept.assessment
    return (
        f"submitted copy {kept.number} of {about.organisation_name} ({about.ods_code}), {about.round.title}"
    )


def _kept(digest: str) -> Submission | None:
    rows = Submission.objects.filter(sha256=digest).select_related("assessment__round")
    return rows.order_by("pk").first()


def _document(content: bytes) -> Mapping[str, Any]:
    """Return the object that the file holds as JSON; empty for anything else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _canonical_digest(document: Mapping[str, Any]) -> str:
    try:
        return sha256(canonical(document).encode()).hexdigest()
    except ValueError:
        return ""


def _claimed(document: Mapping[str, Any]) -> Submission | None:
    """Return the copy that a document calls itself, by its organisation, its round and its number."""
    match document:
        case {"organisation": {"ods_code": str(code)}, "round": {"title": str(title)}, "number": int(number)}:
            # Only the number goes to the database: what the others hold may be no text for it.
            rows = Submission.objects.filter(number=number).select_related("assessment__round")
            return next((row for row in rows.order_by("pk") if _is_of(row.assessment, code, title)), None)
        case _:
            return None


def _is_of(assessment: Assessment, ods_code: str, round_title: str) -> bool:
    return (assessment.ods_code, assessment.round.title) == (ods_code, round_title)
