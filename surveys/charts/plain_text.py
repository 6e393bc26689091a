"""What people typed, kept from being read as markup."""

from html import escape


def plain(text: str) -> str:
    """Return ``text`` so that Plotly writes it as it is.

    Plotly reads bold, line breaks and links in every text it draws, and a questionnaire or an organisation's
    name could hold any of them.
    """
    return escape(text, quote=False)
