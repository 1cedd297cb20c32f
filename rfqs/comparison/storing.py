"""Inputs as plain data and back, so that a stored sheet can be computed again, byte for byte.

Numbers become text, so nothing passes through a float; mappings are sorted, so that equal inputs
are stored as equal bytes and can be hashed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from rfqs.comparison.answers import Answers
from rfqs.comparison.inputs import Inputs, Unstated


def as_stored(inputs: Inputs) -> dict[str, Any]:
    """The inputs as dicts, lists, text and whole numbers, fit for JSON."""
    stored: dict[str, Any] = plain(inputs)
    return stored


def from_stored(stored: Mapping[str, Any]) -> Inputs:
    """The inputs `as_stored` was given; what an older version did not store yet has its default.

    One thing has that of its time: an older statement counts as nothing what nobody stated. Raises
    TypeError, ValueError or InvalidOperation for what no version stored.
    """
    policy = {"unstated": Unstated.NOTHING.value} | stored["policy"]
    inputs: Inputs = typed(Inputs, {**stored, "policy": policy})
    return inputs


def plain(value: Any) -> Any:
    """A value of this package as plain data: text for numbers, sorted mappings, lists."""
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if _is_named(value):
        return {name: plain(part) for name, part in value._asdict().items()}
    if isinstance(value, Mapping):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, tuple | Answers):
        return [plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def typed(kind: Any, value: Any) -> Any:
    """Plain data as the `kind` that `plain` was given."""
    if value is None:
        return None
    if isinstance(kind, type) and (is_dataclass(kind) or _is_named(kind)):
        parts = _hints(kind).items()
        return kind(**{name: typed(part, value[name]) for name, part in parts if name in value})
    if isinstance(kind, UnionType):
        return _one_of(get_args(kind), value)
    origin = get_origin(kind)
    if origin in (tuple, Sequence):
        return tuple(typed(get_args(kind)[0], part) for part in value)
    if origin is Mapping:
        return {key: typed(get_args(kind)[1], part) for key, part in value.items()}
    return kind(value)


def _is_named(value: Any) -> bool:
    """Whether it is a tuple with names, or a kind of them: stored like a dataclass."""
    return hasattr(value, "_fields") and hasattr(value, "_asdict")


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    """An enum's member where the text names one, else the other kind of the union."""
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Enum) and value in list(kind):
            return kind(value)
    return typed(kinds[0], value)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
