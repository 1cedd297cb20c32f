"""PostgreSQL and Valkey for a machine without servers: standard library only, no TCP port."""

from quoteflow.embedded.errors import EmbeddedError
from quoteflow.embedded.servers import Servers

__all__ = ["EmbeddedError", "Servers"]
