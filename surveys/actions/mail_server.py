"""The conversation with the mail server about one message."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection

LONGEST_WORDS = 300


@dataclass(frozen=True)
class Trouble:
    """Why the mail server has not taken a message, in plain English; `final` when it never will."""

    words: str
    final: bool


def hand_over(message: EmailMessage) -> Trouble | None:
    """Give a message for one address to the mail server; None when the server has taken it.

    Final is only what the server says of this address or this text, or a message that cannot be written. What
    it says of us (our sign-in, our own address) somebody can mend, so that is worth another attempt.
    """
    connection = get_connection()
    try:
        connection.send_messages([message])
    except SMTPRecipientsRefused as error:
        [(code, words)] = error.recipients.values()
        return Trouble(f"The mail server refused the address: {_said(code, words)}", _never(code))
    except SMTPDataError as error:
        reply = _said(error.smtp_code, error.smtp_error)
        return Trouble(f"The mail server refused the message: {reply}", _never(error.smtp_code))
    except SMTPResponseException as error:
        reply = _said(error.smtp_code, error.smtp_error)
        return Trouble(f"The mail server does not take mail from us: {reply}", final=False)
    except (SMTPException, OSError) as error:
        return Trouble(f"The mail server cannot be reached: {_reason(error)}", final=False)
    except ValueError as error:
        return Trouble(f"The message cannot be written: {_reason(error)}", final=True)
    finally:
        # A connection that broke while it was being opened is still there.
        with suppress(SMTPException, OSError):
            connection.close()
    return None


def _never(code: int) -> bool:
    return 500 <= code < 600


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return _in_one_line(f"{code} {text}")


def _reason(error: Exception) -> str:
    return _in_one_line(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_WORDS]
