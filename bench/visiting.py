"""A visitor: keeps cookies and one connection, reads forms as a browser would, and signs in."""

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

FORM = "application/x-www-form-urlencoded"
PATIENCE = 70.0  # seconds; a visitor that is asked to slow down waits so long


class Unexpected(Exception):
    """The site answered something that cannot be measured."""


@dataclass
class Answer:
    """What came back; `seconds` from the first byte sent to the last one read."""

    status: int
    headers: dict[str, str]
    body: str
    seconds: float


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they stand."""

    action: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: str) -> dict[str, str]:
        """The fields with these values; the last of several with one name counts."""
        return dict(self.fields) | values


class Visitor:
    """One person's browser without the picture."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def twin(self) -> "Visitor":
        """The same person on another connection."""
        other = Visitor(self.host, self.port)
        other.cookies = dict(self.cookies)
        return other

    def headers(self) -> dict[str, str]:
        """What every request of this visitor carries."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Host": f"{self.host}:{self.port}"} | ({"Cookie": cookies} if cookies else {})

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, values: dict[str, str], **headers: str) -> Answer:
        """Send a form; redirects are not followed."""
        facts = {"Content-Type": FORM, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, urlencode(values).encode(), facts | headers)

    def sign_in(self, email: str, password: str) -> None:
        """Through the real sign-in page. Raises Unexpected where it does not let one in."""
        deadline = time.monotonic() + PATIENCE
        form = read_form(self.get("/accounts/login/"), "login")
        path = form.action or "/accounts/login/"
        while True:
            answer = self.post(path, form.filled(login=email, password=password))
            if answer.status == 302 and "sessionid" in self.cookies:  # noqa: PLR2004
                return
            if answer.status != 429 or time.monotonic() > deadline:  # noqa: PLR2004
                raise Unexpected(f"{email} cannot sign in: status {answer.status}")
            time.sleep(5)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        started = time.perf_counter()
        try:
            got, data = self._exchange(method, path, body, headers)
        except (http.client.HTTPException, ConnectionError):
            self.close()  # the server may end an idle connection; a browser tries again too
            got, data = self._exchange(method, path, body, headers)
        seconds = time.perf_counter() - started
        for cookie in got.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        facts = {name.lower(): value for name, value in got.headers.items()}
        return Answer(got.status, facts, data.decode("utf-8", "replace"), seconds)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if self._line is None:
            self._line = http.client.HTTPConnection(self.host, self.port, timeout=60)
        self._line.request(method, path, body=body, headers=self.headers() | headers)
        got = self._line.getresponse()
        return got, got.read()

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None


class _Reader(HTMLParser):
    """Collects forms and links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[dict[str, str]] = []
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(facts.get("action", "")))
        elif tag == "a":
            self.links.append(facts)
        elif self.forms:
            self._field(tag, facts)

    def _field(self, tag: str, facts: dict[str, str]) -> None:
        name, fields = facts.get("name", ""), self.forms[-1].fields
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in facts:
            fields.append((self._select, facts.get("value", "")))
        elif tag == "textarea":
            self._textarea = name
            fields.append((name, ""))
        elif tag == "input" and name and _is_sent(facts):
            fields.append((name, facts.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._textarea and self.forms:
            self.forms[-1].fields[-1] = (self._textarea, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def _is_sent(facts: dict[str, str]) -> bool:
    kind = facts.get("type", "text")
    if kind in ("checkbox", "radio"):
        return "checked" in facts
    return kind not in ("submit", "button", "file", "image", "reset") and "disabled" not in facts


def read_form(answer: Answer, name: str) -> Form:
    """The first form with a field of this name, or whose address ends with it."""
    if answer.status != 200:  # noqa: PLR2004
        raise Unexpected(f"a page with the field {name} answered {answer.status}")
    reader = _Reader()
    reader.feed(answer.body)
    for form in reader.forms:
        if form.action.endswith(name) or any(name == one for one, _value in form.fields):
            return form
    raise Unexpected(f"no form with the field or the address {name}")


def link_to(answer: Answer, here: str, relation: str) -> str:
    """Path and query of the first link with this `rel`; "" where there is none."""
    reader = _Reader()
    reader.feed(answer.body)
    for link in reader.links:
        if relation in link.get("rel", "").split():
            found = urlsplit(urljoin(here, link["href"]))
            return f"{found.path}?{found.query}"
    return ""
