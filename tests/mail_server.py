"""A real mail server on loopback, which answers as a test says and keeps what it takes."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


@dataclass(frozen=True)
class Taken:
    """A message that the server took, with the envelope it came in."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain text of the message, with the ends of lines as Python has them."""
        return str(self.message.get_content()).replace("\r\n", "\n")


@dataclass
class MailServer:
    """Start it with `start`. The replies of `replies_to` are used up one by one; then it takes everything.

    `reply_to_sender` answers MAIL FROM; `reply_to_text` answers the text, after `seconds`. `reading` is set
    as soon as a text has come.
    """

    port: int = 0
    reply_to_sender: str = TAKEN
    reply_to_text: str = TAKEN
    replies_to: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    taken: list[Taken] = field(default_factory=list)
    reading: threading.Event = field(default_factory=threading.Event)
    seconds: float = 0

    def start(self) -> None:
        """Listen on `port`, or on a free one which is `port` from then on."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = self._loop.create_server(lambda: SMTP(self, loop=self._loop), "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Stop listening and break off every conversation."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        talking = asyncio.all_tasks(self._loop) - {asyncio.current_task(self._loop)}
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if self.reply_to_sender == TAKEN:
            envelope.mail_from = address
        return self.reply_to_sender

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if self.replies_to[address]:
            return self.replies_to[address].pop(0)
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.reading.set()
        await asyncio.sleep(self.seconds)
        if self.reply_to_text == TAKEN:
            message = message_from_bytes(envelope.content or b"", policy=default)
            assert isinstance(message, EmailMessage)
            self.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return self.reply_to_text

    def addresses(self) -> list[str]:
        """To whom the messages it took were, in the order of the alphabet."""
        return sorted(address for taken in self.taken for address in taken.recipients)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A mail server that listens on loopback, and settings that lead to it."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()
