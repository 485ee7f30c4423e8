"""The conversation: what is read, and in which turn it is answered.

One message is handled in each turn of the loop, and what has come meanwhile is read in between: so a
request that is cancelled before its turn is never begun, and nothing else on the loop waits for long. An
editor that does not read its answers is not read from either. It must not know any method but the one that
cancels.
"""

import asyncio
import logging

from lsprotocol import types

from sleeplsp.lsp.inbox import Inbox
from sleeplsp.lsp.messages import Message, Notification, message_of
from sleeplsp.lsp.protocol import Gate
from sleeplsp.lsp.streams import Channel, Incoming, Outgoing
from sleeplsp.lsp.wire import Wire

log = logging.getLogger(__name__)

WAITING_MAX = 1000
"""Messages that wait; beyond it the editor is read from once fewer do."""

BACKLOG_BYTES_MAX = 8 * 1024 * 1024
"""Bytes that the editor has not read; beyond it nothing is answered until it has."""


class Conversation:
    """One editor, from the first byte to the last."""

    def __init__(self, gate: Gate, channel: Channel) -> None:
        self._gate = gate
        self._wire = Wire()
        self._inbox = Inbox()
        self._news = asyncio.Event()
        """Something has come, or the editor has read what it was told."""
        self._is_cut_off = False
        """The editor will say no more."""
        self._outgoing = Outgoing(channel, self._news.set)
        gate.writer = self._outgoing
        self._incoming = Incoming(channel, self._receive)

    async def hold(self) -> None:
        """Listen and answer until the end."""
        turns = asyncio.create_task(self._take_turns())
        await self._gate.ended.wait()
        turns.cancel()
        self._incoming.close()
        await self._outgoing.flush()

    def close(self) -> None:
        """Say nothing any more: what was still being worked on is for nobody."""
        self._outgoing.close()

    def _receive(self, data: bytes) -> None:
        self._is_cut_off = not data
        with self._gate.running("reading"):
            for part in self._wire.feed(data):
                message = message_of(part)
                if not self._is_cancelled(message):
                    self._inbox.add(message)
        if len(self._inbox) >= WAITING_MAX:
            self._incoming.pause()
        self._news.set()

    def _is_cancelled(self, message: Message) -> bool:
        """Cancel what a message says is to be cancelled; tell whether it says that."""
        if not isinstance(message, Notification) or message.method != types.CANCEL_REQUEST:
            return False
        number = message.params.get("id") if isinstance(message.params, dict) else None
        if isinstance(number, int | str):
            if (request := self._inbox.withdraw(number)) is not None:
                self._gate.say_cancelled(request)
            else:
                self._gate.cancel(number)
        return True

    async def _take_turns(self) -> None:
        while not self._gate.ended.is_set():
            if len(self._outgoing.backlog) > BACKLOG_BYTES_MAX:
                self._incoming.pause()
                await self._wait()
            elif self._inbox:
                self._handle(self._inbox.take())
                await asyncio.sleep(0)  # what has come meanwhile is read
            elif self._is_cut_off:
                self._gate.ended.set()
            else:
                self._incoming.resume()
                await self._wait()

    def _handle(self, message: Message) -> None:
        try:
            self._gate.handle(message)
        except Exception:
            # Whatever one message does, the next is heard.
            log.exception("a message could not be handled")

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()
