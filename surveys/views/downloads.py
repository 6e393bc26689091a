"""Files that a page offers."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse

from surveys.exports import xlsx
from surveys.exports.csv_text import CsvFile


def download(file: CsvFile) -> StreamingHttpResponse:
    """Answer with a CSV file, line by line as it is made."""
    return StreamingHttpResponse(
        file.lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def download_workbook(file: xlsx.XlsxFile) -> HttpResponse:
    """Answer with an Excel workbook."""
    return HttpResponse(
        file.content,
        content_type=xlsx.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
