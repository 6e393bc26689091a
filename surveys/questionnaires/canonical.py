"""One text for one content, so that equal contents have one SHA-256 whoever writes them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(content: Mapping[str, Any]) -> str:
    """One line of JSON with sorted keys: equal contents give equal text. Raises ValueError for NaN and
    infinities, which JSON does not have.
    """
    return json.dumps(content, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sha256(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
