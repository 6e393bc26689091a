"""Equal contents have one text and one SHA-256."""

import math

import pytest

from surveys.questionnaires.canonical import canonical, sha256


def test_the_order_in_which_keys_were_put_in_does_not_matter() -> None:
    """Keys are sorted and letters stand as they are."""
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'


def test_what_json_does_not_have_is_refused() -> None:
    """Other readers of JSON would stumble over NaN."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"share": math.nan})


def test_the_sha256_is_of_the_text_in_utf8() -> None:
    """As `sha256sum` gives it."""
    assert sha256("{}") == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert sha256("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
