"""A questionnaire as the YAML file that publishes it."""

from __future__ import annotations

import yaml
from django.utils.text import slugify

from surveys.models import Questionnaire
from surveys.questionnaires.digest import to_document


def questionnaire_file_name(row: Questionnaire) -> str:
    """Return a name that says which version it is."""
    return f"{slugify(f'{row.key} {row.version}'.replace('.', '-'))}.yaml"


def questionnaire_yaml(row: Questionnaire) -> str:
    """Return the text of the file; read again, it is the same questionnaire with the same digest."""
    return yaml.safe_dump(to_document(row.content), allow_unicode=True, sort_keys=False, width=110)
