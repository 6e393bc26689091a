"""Results of a release, read from its frozen rows: one dataclass feeds page, chart and download."""
