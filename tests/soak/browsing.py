"""A supplier's browser for servers that are killed: it tries again until it is answered."""

import http.client
import re
import time
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode

PATIENCE = 300.0  # seconds until a server that never answers is a failure
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Browser:
    """One session. `tries` counts how often something had to be asked again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.tries = 0
        self._line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> tuple[int, str]:
        """Status, and the page or where it sends one."""
        return self._insist("GET", path, None)

    def post(self, path: str, values: dict[str, str]) -> tuple[int, str]:
        """Likewise, for a form."""
        return self._insist("POST", path, urlencode(values).encode())

    def _insist(self, method: str, path: str, body: bytes | None) -> tuple[int, str]:
        patience = time.monotonic() + PATIENCE
        while True:
            try:
                status, text = self._ask(method, path, body)
            except (OSError, http.client.HTTPException):
                status, text = 0, ""
            if 0 < status < 500:
                return status, text
            self.close()
            self.tries += 1
            assert time.monotonic() < patience, f"{method} {path} is never answered ({status})"
            time.sleep(0.05)

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, str]:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        return answer.status, answer.headers.get("Location") or text

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, by name."""
    return {name: unescape(value) for name, value in FIELD.findall(page)}
