"""Pure functions of numbers: scores, variation, agreement, ranks, peers and change.

Nothing here knows Django, a file or a database. docs/method.md says in plain English what each function
does and where its formula comes from.
"""
