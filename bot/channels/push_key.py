"""The key by which push services know that a signal is ours (VAPID): made once, kept beside the encryption keys."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

from bot.settings import Settings, SettingsError

SIZE = 32  # bytes of a private number on the curve P-256


@dataclass(frozen=True)
class PushKey:
    """The private number, as it stands in the file: base64 for addresses."""

    private: str = field(repr=False)

    @cached_property
    def _signer(self) -> Vapid02:
        return Vapid02.from_raw(self.private.encode())

    @cached_property
    def public(self) -> str:
        """What browsers are told, so that nobody else may wake them: base64 for addresses, 87 characters."""
        point = self._signer.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return str(b64urlencode(point))

    def authorization(self, audience: str, contact: str, expires: datetime) -> str:
        """The header that lets one signal in at a push service (`https://host` as audience) until then."""
        claims = {"aud": audience, "sub": contact, "exp": int(expires.timestamp())}
        return str(self._signer.sign(claims)["Authorization"])


def load(settings: Settings) -> PushKey | None:
    """The key of these settings; None when there is none, and then nobody is offered a signal.

    SettingsError for a file that others can read, and for what is not a key.
    """
    path = settings.push_key_file.expanduser()
    private, where = settings.push_key, "BOUSSOLE_PUSH_KEY"
    if not private:
        if not path.exists():
            return None
        private, where = _read(path), str(path)
    key = PushKey(private)
    try:
        _ = key.public
    except (ValueError, TypeError):
        raise SettingsError(
            [
                f"La clé des signes ({where}) n’en est pas une : remettez la vôtre, ou retirez-la et refaites-en une."
            ]
        ) from None
    return key


def _read(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError([f"Le fichier {path} est lisible par d’autres : chmod 600 {path}"])
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"Le fichier de la clé des signes {path} ne se lit pas."]) from error


def make(path: Path) -> bool:
    """Write a new key (mode 0600) unless there is a file; whether it was made."""
    path = path.expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    with os.fdopen(handle, "w") as file:
        file.write(str(b64urlencode(number.to_bytes(SIZE, "big"))) + "\n")
    return True


def contact(settings: Settings) -> str:
    """Whom a push service could look for behind our signals: the site, never a person."""
    return f"https://{urlsplit(settings.base_url).hostname if settings.secure else 'localhost'}"
