"""Files in: an importer reads a file, collects what is wrong by row, and calls one action."""
