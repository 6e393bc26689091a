"""Files that a page offers."""

from __future__ import annotations

from django.http import StreamingHttpResponse

from surveys.exports.csv_text import CsvFile


def download(file: CsvFile) -> StreamingHttpResponse:
    """Answer with a CSV file, line by line as it is made."""
    return StreamingHttpResponse(
        file.lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )
