"""Charts: frozen dataclasses in, Plotly figures out, each with the table of the same rows.

The only room that knows Plotly. Nothing here knows Django, a file or a database.
"""
