"""Reads: rows in, frozen dataclasses out, shared by the page, its table, its download and its chart."""
