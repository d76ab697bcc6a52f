"""How a person comes back without an account: a link, or four words that are easy to say and to remember."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select, update

from storage import throttles
from storage.crypto import fold, new_token, token_hash
from storage.tables import return_codes
from storage.unit_of_work import UnitOfWork, for_each
from storage.words import WORDS

COUNT = 4
_TRIES, _ALL_TRIES = 10, 300  # of one origin, and of all together, in the window
_WINDOW = timedelta(minutes=15)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class ReturnCode:
    """Shown once, when it is given; stored only as hashes."""

    token: str
    words: str  # four words with hyphens between


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Who came back, if the code is right. `throttled`: too many tries, come back in a quarter of an hour."""

    person_id: str | None
    throttled: bool = False


_GIVE = for_each(
    lambda insert: (made := insert(return_codes)).on_conflict_do_update(
        index_elements=["person_id"],
        set_={
            "token_hash": made.excluded.token_hash,
            "words_hash": made.excluded.words_hash,
            "words_stretch": made.excluded.words_stretch,
            "created_at": made.excluded.created_at,
            "used_at": None,
        },
    )
)
_BY_TOKEN = select(return_codes.c.person_id).where(return_codes.c.token_hash == bindparam("token_hash"))
_BY_WORDS = select(return_codes.c.person_id).where(
    return_codes.c.words_hash.in_(bindparam("hashes", expanding=True))
)
_USED = (
    update(return_codes)
    .where(return_codes.c.person_id == bindparam("of_person"))
    .values(used_at=bindparam("now"))
)


def four_words() -> str:
    """Four words at random out of at least 1,024: 40 bits or more."""
    return "-".join(secrets.choice(WORDS) for _ in range(COUNT))


def give(uow: UnitOfWork, person_id: str) -> ReturnCode:
    """A new link and four new words; the earlier ones stop working (so a coach renews them)."""
    code = ReturnCode(new_token(), four_words())
    stretch = uow.box.stretch(code.words)
    uow.execute(
        _GIVE,
        {
            "person_id": person_id,
            "token_hash": token_hash(code.token),
            "words_hash": uow.box.keyed_hash("words", stretch),
            "words_stretch": uow.box.seal(stretch.encode()),
            "created_at": uow.now,
            "used_at": None,
        },
    )
    return code


def redeem(uow: UnitOfWork, said: str, origin: str) -> Redeemed:
    """Who a link's token or four words belong to. Accents, case and what stands between the words do not matter.

    origin: where the try comes from (an IP address), only to count tries. Guessed words cost a slow hash each.
    """
    said = said.strip()
    if _TOKEN.fullmatch(
        said
    ):  # four words can be as long as a token: not found here, they are looked up below
        person_id = uow.execute(_BY_TOKEN, {"token_hash": token_hash(said)}).scalar()
        if person_id is not None:
            return _came_back(uow, person_id)
    if not throttles.allow(uow, "words", origin, _TRIES, _WINDOW) or not throttles.allow(
        uow, "words", "", _ALL_TRIES, _WINDOW
    ):
        return Redeemed(None, throttled=True)
    if len(fold(said).split()) != COUNT:
        return Redeemed(None)
    hashes = uow.box.keyed_hashes("words", uow.box.stretch(said))
    return _came_back(uow, uow.execute(_BY_WORDS, {"hashes": hashes}).scalar())


def _came_back(uow: UnitOfWork, person_id: str | None) -> Redeemed:
    if person_id is not None:
        uow.execute(_USED, {"of_person": person_id, "now": uow.now})
    return Redeemed(person_id)
