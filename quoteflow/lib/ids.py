"""Primary keys: UUID version 7 (RFC 9562), time-ordered so that indexes stay compact."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Return a fresh UUIDv7."""
    return uuid7()


def is_id(text: str) -> bool:
    """Whether a text that came from outside is an id at all."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
