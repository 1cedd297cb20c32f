"""Keys that open a door by a link, made again when a letter leaves and stored nowhere (docs/adr/0012).

A token is derived from two halves: a random seed, which lies in the database, and the secret key of the
installation, which does not. To recognise a token only its SHA-256 is stored; with 256 bits in it a plain
hash is enough (ASVS 6.5.2).
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac


def new_seed() -> str:
    """128 random bits, as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def derived(seed: str) -> str:
    """The token of a seed: 43 letters that fit into an address, 256 bits."""
    digest = salted_hmac("quoteflow.lib.tokens", seed, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hashed(token: str) -> str:
    """What is stored of a token, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
