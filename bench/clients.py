"""Clients of a served product: kept connections, requests written by hand, next to no work of their own.

They share the machine with what they measure, so they parse no more of an answer than its first line,
its length and its end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(slots=True)
class Answer:
    """status, location (of a redirect); moments (seconds of one clock): when it was due, was sent,
    was answered whole.
    """

    status: int
    location: str
    due: float
    sent: float
    done: float
    body: bytes = b""


@dataclass(slots=True)
class Caller:
    """One signed-in person with a connection of their own. token: any 32 letters, as a form has it."""

    host: str
    port: int
    session: str
    token: str
    answers: list[Answer] = field(default_factory=list)
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def connect(self) -> None:
        self._streams = await asyncio.open_connection(self.host, self.port)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        """Return the request as bytes, made before anything is timed."""
        body = urlencode({"csrfmiddlewaretoken": self.token} | fields).encode()
        head = self._head("POST", path)
        head += "Content-Type: application/x-www-form-urlencoded\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def get(self, path: str) -> bytes:
        return f"{self._head('GET', path)}\r\n".encode()

    async def send(self, request: bytes, *, due: float) -> Answer:
        """Send it once the one before is answered, and return what came back."""
        async with self._turn:
            sent = time.perf_counter()
            try:
                head, body = await self._exchange(request)
            except (asyncio.IncompleteReadError, ConnectionError):
                await self.connect()  # the server hangs up on who said nothing for long
                head, body = await self._exchange(request)
            location = _field(head, b"location")
            answer = Answer(int(head[9:12]), location, due, sent, time.perf_counter(), body)
        self.answers.append(answer)
        return answer

    async def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        assert self._streams is not None  # connect() comes first
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _field(head, b"content-length")
        body = await (reader.readexactly(int(length)) if length else _chunks(reader))
        return head, body

    def _head(self, method: str, path: str) -> str:
        cookies = SimpleCookie({"sessionid": self.session, "csrftoken": self.token})
        pairs = "; ".join(f"{name}={each.value}" for name, each in cookies.items())
        return f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nCookie: {pairs}\r\n"


def _field(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n"):
        if line[: len(name)].lower() == name and line[len(name) : len(name) + 1] == b":":
            return line[len(name) + 1 :].strip().decode()
    return ""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body


async def at_a_rate(
    callers: Sequence[Caller],
    requests: Sequence[tuple[int, bytes]],
    *,
    per_second: float,
) -> list[Answer]:
    """Send (caller's number, request) one after the other at a fixed rate, answered or not.

    What is late is late from when it was due: an overloaded server cannot slow its clients down.
    """
    began = time.perf_counter() + 0.2
    under_way = []
    for number, (caller, request) in enumerate(requests):
        due = began + number / per_second
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        under_way.append(asyncio.create_task(callers[caller].send(request, due=due)))
    return list(await asyncio.gather(*under_way))


async def without_pause(
    callers: Sequence[Caller], requests: Sequence[Sequence[bytes]], *, seconds: float
) -> list[Answer]:
    """Let every caller send its requests as fast as they are answered, for so long; all at once."""
    ends = time.perf_counter() + seconds

    async def one(caller: Caller, mine: Sequence[bytes]) -> list[Answer]:
        answers = []
        for request in mine:
            now = time.perf_counter()
            if now > ends:
                break
            answers.append(await caller.send(request, due=now))
        return answers

    done = await asyncio.gather(*map(one, callers, requests))
    return [answer for answers in done for answer in answers]


async def connected(callers: Sequence[Caller], work: Callable[[], Awaitable[None]]) -> None:
    """Connect everybody, a few at a time, run the awaitable that work makes, hang up."""
    for first in range(0, len(callers), 50):
        await asyncio.gather(*(each.connect() for each in callers[first : first + 50]))
    try:
        await work()
    finally:
        for each in callers:
            each.close()
