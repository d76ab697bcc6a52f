"""Sealing of what is stored and of what travels, and keyed hashes by which addresses and codes are found."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.errors import CannotDecrypt, KeyMissing

NAME, NONCE = 4, 12  # bytes before the sealed content
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
WORD_COST = 2**14  # scrypt's n: about 40 ms and 16 MiB a guess


def make_key() -> str:
    """A new key as text (32 random bytes in URL-safe base64)."""
    return Fernet.generate_key().decode()


def token_hash(token: str) -> str:
    """SHA-256 of a random token of 128 bits or more; such a token needs no key and no slowness."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A random token of 192 bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(24)


def new_id() -> str:
    """A random identifier of 128 bits in 32 hexadecimal digits."""
    return secrets.token_hex(16)


def short_code() -> str:
    """Eight random letters and figures in two blocks (39 bits), easy to read aloud; with a figure, it is no word."""
    while True:
        letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
        if any(letter.isdigit() for letter in letters):
            return f"{letters[:4]}-{letters[4:]}"


def fold(words: str) -> str:
    """Lower-case letters and digits without accents, single spaces between: how codes are compared."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(
        letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter)
    )
    return " ".join(kept.split())


def plain_code(code: str) -> str:
    """A code as it is compared: case, spaces and hyphens do not matter."""
    return fold(code).replace(" ", "")


class Box:
    """Seals with the first key, opens with any. Raises KeyMissing when there is no usable key."""

    def __init__(self, keys: Sequence[str], word_cost: int = WORD_COST) -> None:
        if not keys:
            raise KeyMissing("no encryption key: set BOUSSOLE_KEYS or BOUSSOLE_KEYS_FILE")
        try:
            raw = [base64.urlsafe_b64decode(key.strip()) for key in keys]
            self._travelling = MultiFernet([Fernet(key.strip()) for key in keys])
        except (ValueError, binascii.Error):
            raise KeyMissing("an encryption key is not 32 bytes in URL-safe base64") from None
        self._hash_keys = [_derive(key, b"boussole keyed hash 1") for key in raw]
        self._stored = {
            _derive(key, b"boussole key name 1", NAME): AESGCM(_derive(key, b"boussole stored 1"))
            for key in raw
        }
        self._name, self._first = next(iter(self._stored.items()))
        self._word_cost = word_cost

    @property
    def keys(self) -> int:
        """How many keys the box holds: more than one while a rotation is under way."""
        return len(self._hash_keys)

    def seal(self, plain: bytes) -> bytes:
        """The bytes as they are stored: the key's name, 96 random bits, then AES-256-GCM under the first key."""
        nonce = os.urandom(NONCE)
        return self._name + nonce + self._first.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """What `seal` was given. CannotDecrypt when no key fits."""
        key = self._stored.get(sealed[:NAME])
        if key is None:
            raise CannotDecrypt("stored data was sealed with a key that is not among those given")
        try:
            return key.decrypt(sealed[NAME : NAME + NONCE], sealed[NAME + NONCE :], None)
        except (InvalidTag, ValueError):
            raise CannotDecrypt("stored data was changed after it was sealed") from None

    def seal_text(self, plain: bytes) -> str:
        """The bytes as text that may travel in a page or an address (Fernet)."""
        return self._travelling.encrypt(plain).decode()

    def open_text(self, sealed: str) -> bytes:
        """What `seal_text` was given. CannotDecrypt for anything else."""
        try:
            return self._travelling.decrypt(sealed.encode())
        except (InvalidToken, UnicodeEncodeError):
            raise CannotDecrypt("this was not sealed here") from None

    def seal_json(self, value: Any) -> bytes:
        """A JSON value, sealed."""
        return self.seal(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))

    def open_json(self, sealed: bytes) -> Any:
        """The JSON value that `seal_json` was given. CannotDecrypt when no key fits."""
        return orjson.loads(self.open(sealed))

    def rotate(self, sealed: bytes) -> bytes:
        """The same content sealed with the first key. CannotDecrypt when no key fits."""
        return self.seal(self.open(sealed))

    def keyed_hash(self, purpose: str, value: str) -> str:
        """HMAC-SHA-256 under the first key, apart for each purpose."""
        return _hash(self._hash_keys[0], purpose, value)

    def keyed_hashes(self, purpose: str, value: str) -> list[str]:
        """The hash under each key: rows found by an older one are still found before they are rehashed."""
        return [_hash(key, purpose, value) for key in self._hash_keys]

    def address_hash(self, channel: str, address: str) -> str:
        """What an address is stored under; nobody without the key can tell whose it is."""
        return self.keyed_hash(f"address {channel}", address)

    def address_hashes(self, channel: str, address: str) -> list[str]:
        """The address's hash under each key."""
        return self.keyed_hashes(f"address {channel}", address)

    def stretch(self, words: str) -> str:
        """A slow hash (scrypt) of a short secret, folded first; it is then hashed under the key."""
        derive = Scrypt(salt=b"boussole words 1", length=32, n=self._word_cost, r=8, p=1)
        return derive.derive(fold(words).encode()).hex()


def _derive(key: bytes, purpose: bytes, length: int = 32) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def _hash(key: bytes, purpose: str, value: str) -> str:
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256").hex()
