"""Questionnaires as data: what a file may say, who is asked what, what an answer may be and how it scores.

No Django here. Everything takes and returns frozen dataclasses, so the same rules serve pages, imports,
stored rows and tests.
"""
