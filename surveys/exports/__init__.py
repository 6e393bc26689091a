"""Files out: the dataclasses that the pages show, written row by row."""
