"""A site of pages that show every form control and every component, for tests in this folder."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from surveys.analysis.variation import spread
from surveys.charts.axis import level_axis
from surveys.charts.specification import figure_spec
from surveys.charts.system_strips import NamedValue, StripRow, SystemStrips, system_strips
from tests.templates.sample_forms import EveryControl


@dataclass(frozen=True)
class Link:
    """A thing with a label and an address."""

    label: str
    url: str
    sort: str = ""
    current: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of the heat table."""

    value: str = ""
    step: int = 0
    url: str = ""
    label: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the table with bars."""

    name: str
    group: str
    value: str = ""
    share: str | None = None
    reason: str = ""
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart on a page."""

    id: str
    chart: SystemStrips
    spec: dict[str, Any]
    csv_url: str = "/figures.csv"


def figure(id_: str) -> Figure:
    """Return a chart of two strips, one without a score, whose words try to be markup."""
    score = Decimal("3.4")
    rows = (
        StripRow("NHS <b>Devon</b>", 2, (NamedValue("Devon", score),), spread([score], 2)),
        StripRow("NHS Dorset", 1, (), None),
    )
    chart = SystemStrips(
        "Leadership & skills are <highest> where plans are owned",
        "1 of 2 systems. 2025 round, published 1 March 2025. Self-assessed.",
        level_axis([(1, "Starting"), (5, "Leading")]),
        "a score",
        rows,
    )
    return Figure(id_, chart, figure_spec(system_strips(chart)))


@dataclass(frozen=True)
class Bars:
    """A table with bars."""

    rows: tuple[Row, ...]
    id: str = "bars"
    caption: str = "Leadership by system"
    note: str = "Bars run from 1 to 5. The line is the median, 3.2."
    name_header: Link = Link("System", "?sort=name", "ascending")
    group_header: Link = Link("Region", "?sort=region")
    value_header: Link = Link("Score", "?sort=score")
    marker: str = "55.00"


def page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page from its template in the folder beside this file."""
    source = Path(__file__).with_name("pages") / name
    template = engines["django"].from_string(source.read_text("utf-8"))
    frame = {
        "navigation": (Link("Home", "/", current=True), Link("Results", "/components/")),
        "crumbs": (Link("Home", "/"), Link("2025 round", "/components/")),
        "crumb": Link("Leadership", "/"),
        "synthetic": True,
    }
    return TemplateResponse(request, template, frame | context)  # type: ignore[arg-type]  # a compiled template will do


@login_not_required
def form_page(request: HttpRequest) -> HttpResponse:
    """Show the form with every control, and what is wrong with what was posted."""
    form = EveryControl(request.POST, request.FILES) if request.method == "POST" else EveryControl()
    return page(request, "every_control.html", {"form": form})


@login_not_required
def components_page(request: HttpRequest) -> HttpResponse:
    """Show every component, after a message of success."""
    messages.success(request, "Your answers are saved")
    cells = tuple(Cell(str(Decimal(step) / 2), step, "/", f"Devon, dimension {step}") for step in range(1, 8))
    gap = Cell(reason="Withheld")
    return page(
        request,
        "every_component.html",
        {
            "form": EveryControl(),
            "figures": (figure("first"), figure("second")),
            "bars": Bars(
                (
                    Row("NHS Devon", "South West", "3.4", "60.00", url="/"),
                    Row("NHS Dorset", "South West", reason="Withheld: 2 of 6 questions answered"),
                )
            ),
            "heat": {
                "columns": tuple(f"Dimension number {step}" for step in range(1, 9)),
                "rows": (
                    ("NHS Devon", (*cells, gap)),
                    ("NHS Cornwall and the Isles of Scilly", (gap, *cells)),
                ),
            },
        },
    )


urlpatterns = [
    path("", form_page, name="home"),
    path("components/", components_page, name="results"),
    path("privacy/", form_page, name="privacy"),
]
