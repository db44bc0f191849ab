"""Personal identifiers at rest: encrypted with a key outside the database, found by keyed hash.

Source: ARCHITECTURE §5; GB/T 22239 8.1.4.7-8 (integrity and confidentiality by cryptography).
"""

import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_VERSION = b"\x01"
_NONCE = 12


@cache
def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(settings.KEYS["encryption"]))


def encrypt(text: str) -> bytes:
    """AES-256-GCM of the text: version byte, 12-byte nonce, ciphertext with its tag."""
    return seal_bytes(text.encode())


def seal_bytes(body: bytes) -> bytes:
    """The same of any bytes."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + _cipher().encrypt(nonce, body, None)


def decrypt(sealed: bytes) -> str:
    """The text sealed by `encrypt`; raises cryptography's InvalidTag if it was changed."""
    return open_bytes(sealed).decode()


def open_bytes(sealed: bytes) -> bytes:
    """What `seal_bytes` sealed; raises InvalidTag likewise."""
    body = bytes(sealed)[1:]
    return _cipher().decrypt(body[:_NONCE], body[_NONCE:], None)


@cache
def _lookup_key() -> bytes:
    return bytes.fromhex(settings.KEYS["lookup"])


def keyed_hash(kind: str, text: str) -> bytes:
    """16 bytes of HMAC-SHA-256 over kind and text: the same value gives the same look-up key."""
    return hmac.digest(_lookup_key(), f"{kind}\0{text}".encode(), "sha256")[:16]
