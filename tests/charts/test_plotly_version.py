import json
from pathlib import Path

from plotly.offline import get_plotlyjs_version

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_draws_with_the_plotly_js_that_plotly_py_writes_for() -> None:
    dependencies = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert dependencies["plotly.js-basic-dist-min"] == get_plotlyjs_version()
