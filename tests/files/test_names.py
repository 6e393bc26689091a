"""Names that people or their attackers give to files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.files.names import LONGEST_NAME, clean_name, ending


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("Coverage table.pdf", "Coverage table.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\lena\\plan.docx", "plan.docx"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("line\r\nSet-Cookie: a=b.pdf", "line Set-Cookie_ a=b.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("no\x00thing\x1b[31m.txt", "nothing[31m.txt"),
        ("  spaced   out .pdf  ", "spaced out .pdf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("\u202e\u200b", "file"),
        ("", "file"),
        ("folder/", "file"),
        ("con.txt", "_con.txt"),
        ("Résumé de Zoë 📊.xlsx", "Résumé de Zoë 📊.xlsx"),
        ("Re\u0301sume\u0301.pdf", "Résumé.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("a" * 296 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 116 + ". . ..pdf", "a" * 116 + ".pdf"),
        ("a." + "b" * 298, "a." + "b" * 118),
    ],
)
def test_a_name_is_safe_to_show_and_to_give_back(given_name: str, name: str) -> None:
    assert clean_name(given_name) == name


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_stays_as_it_is(given_name: str) -> None:
    name = clean_name(given_name)

    assert clean_name(name) == name
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\\r\n\0"<>|:?*\u202e')


@pytest.mark.parametrize(
    ("name", "last"), [("A.PDF", ".pdf"), ("a.tar.gz", ".gz"), ("none", ""), (".hidden", ""), ("stop.", "")]
)
def test_the_ending_of_a_name(name: str, last: str) -> None:
    assert ending(name) == last
