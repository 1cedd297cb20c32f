"""The shared cache, and the process's own memory while it is away.

The sign-in's limits lock and count in the cache: with nothing behind it nobody could sign in, with a
cache that forgets everything anybody could guess for ever. So each process counts by itself until
the shared cache is back.
"""

from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache  # type: ignore[import-untyped]
from redis.exceptions import RedisError


class SpareCache(RedisCache):  # type: ignore[misc] # untyped
    """Redis, or this process's memory for as long as Redis does not answer; never an exception."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.get("OPTIONS", {}) | {"IGNORE_EXCEPTIONS": False}
        super().__init__(server, params | {"OPTIONS": options})
        self._spare = LocMemCache("spare", {"KEY_PREFIX": params.get("KEY_PREFIX", "")})

    def add(self, *args: Any, **options: Any) -> Any:
        """Set where nothing is set yet; whether it was."""
        return self._asked("add", *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        """The value, or the default."""
        return self._asked("get", *args, **options)

    def set(self, *args: Any, **options: Any) -> Any:
        """Store a value."""
        return self._asked("set", *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        """Forget a value."""
        return self._asked("delete", *args, **options)

    def _asked(self, verb: str, *args: Any, **options: Any) -> Any:
        try:
            return getattr(super(), verb)(*args, **options)
        except (RedisError, OSError):
            return getattr(self._spare, verb)(*args, **options)
