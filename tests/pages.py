"""Reading pages as people do."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

from surveys.models import Person


def as_(client: Client, person: Person) -> Client:
    """The client, signed in as the person."""
    client.force_login(person)
    return client


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    words = re.sub(r"<(script|style|head)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(words).split())
