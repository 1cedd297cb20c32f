"""Logs as one JSON object per line, each with the request and the person it belongs to.

`ts` is UTC; `event` is the message; facts given as `extra={...}` become fields of their own.
Secrets and prices are left out by the name of their field (OWASP Logging Cheat Sheet), and are
blackened in the text of messages and tracebacks.
"""

import json
import logging
import re
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

Facts = dict[str, str]
_facts: ContextVar[Facts | None] = ContextVar("log_facts", default=None)
_log = logging.getLogger("quoteflow.request")

_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_SECRET_NAME = re.compile(
    r"cookie|authori[sz]ation|csrf|passw|passphrase|secret|token|api_?key|price|amount",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"""((?:set-)?cookie|authorization|csrf\w*|password|secret\w*|token|api_?key)
        (["']?\s*[:=]\s*["']?)(?:bearer\s+|basic\s+)?[^\s"',;&)}]+""",
    re.IGNORECASE | re.VERBOSE,
)
_SUPPLIER_LINK = re.compile(r"/s/[^/\s\"'?]+")


class JsonFormatter(logging.Formatter):
    """Writes a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; a newline or a quote in a value stays inside its JSON string."""
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": blacken(record.getMessage()),
        }
        line |= _facts.get() or {}
        line |= {name: _plain(value) for name, value in _extras(record).items()}
        if record.exc_info:
            line["exception"] = blacken(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def bind_request(request_id: str) -> Token[Facts | None]:
    """Begin a request: every line from here carries its id. Returns the token for `unbind`."""
    return _facts.set({"request_id": request_id})


def bind_user(user_id: str) -> None:
    """Say who asks, once that is known; forgotten again with the request."""
    _facts.set({**(_facts.get() or {}), "user_id": user_id})


def unbind(token: Token[Facts | None]) -> None:
    """End what `bind_request` began, the person included."""
    _facts.reset(token)


def current_request_id() -> str:
    """The id of the request being answered; empty outside of one."""
    return (_facts.get() or {}).get("request_id", "")


def request_done(request: HttpRequest, status: int, seconds: float) -> None:
    """Log that a request was answered, by the name of its route: a path may hold a token."""
    match = request.resolver_match
    facts = {
        "method": request.method,
        "route": match.view_name if match else None,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    _log.info("request_done", extra=facts)


def blacken(text: str) -> str:
    """The text without the values of secrets and without the tokens of supplier links."""
    return _SUPPLIER_LINK.sub("/s/***", _SECRET_TEXT.sub(r"\1\2***", text))


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller gave as extra; Django's own adds the request object, which is no fact."""
    given = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    return {n: v for n, v in given.items() if n != "request" and not _SECRET_NAME.search(n)}


def _plain(value: Any) -> Any:
    """The value as JSON can hold it, cleaned at every depth."""
    if isinstance(value, dict):
        return {str(n): _plain(v) for n, v in value.items() if not _SECRET_NAME.search(str(n))}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bool | int | float | None):
        return value
    return blacken(str(value))
