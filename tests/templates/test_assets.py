"""What `npm run build` leaves to be served."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".build" / "static" / "built"


def test_the_style_sheet_loads_nothing_from_elsewhere_and_names_no_licensed_font() -> None:
    css = (BUILT / "site.css").read_text("utf-8")
    addresses = set(re.findall(r"url\(([^)]*)\)", css))
    assert {address.strip("\"'") for address in addresses} == {
        f"images/{path.name}" for path in (BUILT / "images").iterdir()
    }
    assert re.findall(r"@import|@font-face|(?i:frutiger)", css) == []


def test_the_style_sheet_of_plotly_holds_the_rules_that_its_script_would_insert() -> None:
    css = (BUILT / "plotly.css").read_text("utf-8")
    script = (BUILT / "plotly-basic.min.js").read_text("utf-8")
    in_script = len(re.findall(r'["{,](?:"[XY][^"]*"|Y):["\']', script))
    assert len(re.findall(r"^\.[^{]+\{[^{}]*\}$", css, re.MULTILINE)) == in_script > 60


def test_every_module_of_ours_is_built_and_imports_nothing_at_run_time() -> None:
    sources = {path.name for path in (ROOT / "static" / "js").glob("*.js")}
    built = {path.name: path.read_text("utf-8") for path in BUILT.glob("*.js")}
    assert set(built) == sources | {"plotly-basic.min.js"}
    assert {name for name in sources if re.search(r"\bimport\b", built[name])} == set()


def test_the_lock_file_names_exact_versions_and_no_download_addresses() -> None:
    package = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert [
        version for version in package["dependencies"].values() if not re.fullmatch(r"[\d.]+", version)
    ] == []
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
