"""A browser without a screen: keeps cookies, sends forms with their token, says what came back."""

from __future__ import annotations

import re
import secrets
from http.cookiejar import CookieJar
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Answer(NamedTuple):
    """status, the address in the end, and the text."""

    status: int
    address: str
    text: str


class Client:
    """One person's session with a served installation. Raises urllib's HTTPError for 4xx and 5xx."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Answer:
        return self._open(Request(self.address + path))

    def post(
        self,
        path: str,
        fields: dict[str, str],
        *,
        file: tuple[str, bytes] | None = None,
        at: str = "",
    ) -> Answer:
        """Send a form. file: name and content, as the field "file". at: the page it stands on."""
        token = TOKEN.search(self.get(at or path).text)
        assert token, f"no form at {at or path}"
        fields = {"csrfmiddlewaretoken": token[1]} | fields
        headers = {"Referer": self.address + (at or path)}
        if file is None:
            body = urlencode(fields).encode()
        else:
            body, headers["Content-Type"] = _multipart(fields, *file)
        return self._open(Request(self.address + path, data=body, headers=headers))

    def sign_in(self, username: str, password: str) -> None:
        answer = self.post("/accounts/login/", {"login": username, "password": password})
        assert answer.address == f"{self.address}/", "the sign-in was refused"

    def _open(self, request: Request) -> Answer:
        with self.opener.open(request, timeout=60) as response:
            return Answer(response.status, response.url, response.read().decode())


def _multipart(fields: dict[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    parts += [
        (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode(),
        content,
        f"\r\n--{boundary}--\r\n".encode(),
    ]
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"
