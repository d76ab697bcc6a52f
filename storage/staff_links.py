"""Links and codes that let somebody of the centre in once: an invitation, a sign-in, a chat address to join."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Executable, bindparam, delete, insert, select, update

from storage.crypto import new_token, plain_code, short_code, token_hash
from storage.tables_team import staff_links
from storage.unit_of_work import UnitOfWork

INVITE, SIGN_IN, JOIN = "invite", "sign_in", "join"
VALID = {INVITE: timedelta(hours=72), SIGN_IN: timedelta(minutes=10), JOIN: timedelta(minutes=10)}
TRIES = 5  # wrong figures after which a sign-in is over


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the message of a sign-in carries. Shown once, kept only as hashes."""

    token: str
    code: str  # eight figures


_ADD = insert(staff_links)
_DROP = delete(staff_links).where(
    staff_links.c.staff_id == bindparam("of_staff"), staff_links.c.purpose == bindparam("of_purpose")
)
_DROP_OF_BROWSER = delete(staff_links).where(staff_links.c.browser_hash == bindparam("of_browser"))
_ALIVE = (staff_links.c.used_at.is_(None), staff_links.c.expires_at > bindparam("now"))
_BY_TOKEN = (
    staff_links.c.token_hash == bindparam("of_token"),
    staff_links.c.purpose == bindparam("of_purpose"),
)
_OF_BROWSER = staff_links.c.browser_hash == bindparam("of_browser")
_HAS_TRIES = staff_links.c.tries < TRIES
_LOOK = select(staff_links.c.staff_id).where(*_BY_TOKEN, *_ALIVE)
_LOOK_IN_BROWSER = _LOOK.where(_OF_BROWSER, _HAS_TRIES)
_USE = update(staff_links).where(*_BY_TOKEN, *_ALIVE).values(used_at=bindparam("now"))
_TAKE = _USE.returning(staff_links.c.staff_id)
_TAKE_IN_BROWSER = _USE.where(_OF_BROWSER, _HAS_TRIES).returning(staff_links.c.staff_id)
_TRY = (
    update(staff_links)
    .where(staff_links.c.purpose == SIGN_IN, _OF_BROWSER, _HAS_TRIES, *_ALIVE)
    .values(tries=staff_links.c.tries + 1)
    .returning(staff_links.c.token_hash, staff_links.c.code_hash, staff_links.c.staff_id)
)
_SPEND = (
    update(staff_links)
    .where(staff_links.c.token_hash == bindparam("of_token"), *_ALIVE)
    .values(used_at=bindparam("now"))
)
_TAKE_CODE = (
    update(staff_links)
    .where(
        staff_links.c.purpose == JOIN,
        staff_links.c.code_hash.in_(bindparam("hashes", expanding=True)),
        *_ALIVE,
    )
    .values(used_at=bindparam("now"))
    .returning(staff_links.c.staff_id)
)


def invite(uow: UnitOfWork, staff_id: str, valid: timedelta = VALID[INVITE]) -> str:
    """The token of an activation link; an earlier one of theirs stops working. Only a made-up colleague's is valid longer."""
    uow.execute(_DROP, {"of_staff": staff_id, "of_purpose": INVITE})
    token = new_token()
    _add(uow, token, staff_id, INVITE, valid)
    return token


def sign_in(uow: UnitOfWork, staff_id: str, browser: str) -> SignIn:
    """A link and a code that let in the browser that asked (`browser`: its random cookie), for ten minutes.

    What this browser asked for before stops working; what another browser asked for is left alone, so that nobody
    can spoil a colleague's sign-in by asking in their name.
    """
    uow.execute(_DROP_OF_BROWSER, {"of_browser": token_hash(browser)})
    made = SignIn(new_token(), f"{secrets.randbelow(10**8):08d}")
    code_hash = uow.box.keyed_hash("staff code", made.code)
    _add(uow, made.token, staff_id, SIGN_IN, browser_hash=token_hash(browser), code_hash=code_hash)
    return made


def forget_browser(uow: UnitOfWork, browser: str) -> None:
    """Nothing that this browser asked for works any more. What `sign_in` does first, for an address nobody has."""
    uow.execute(_DROP_OF_BROWSER, {"of_browser": token_hash(browser)})


def join_code(uow: UnitOfWork, staff_id: str) -> str:
    """A code that joins the chat address which says it within ten minutes; an earlier one stops working."""
    uow.execute(_DROP, {"of_staff": staff_id, "of_purpose": JOIN})
    code = short_code()
    _add(uow, new_token(), staff_id, JOIN, code_hash=uow.box.keyed_hash("staff join", plain_code(code)))
    return code


def look(uow: UnitOfWork, token: str, purpose: str, browser: str | None = None) -> str | None:
    """Whom a link would let in, without using it up. `browser` is needed for a sign-in. Works in a read-only transaction."""
    return _of_token(uow, _LOOK, _LOOK_IN_BROWSER, token, purpose, browser)


def take(uow: UnitOfWork, token: str, purpose: str, browser: str | None = None) -> str | None:
    """Use a link up: whom it lets in. Of two at the same time, one."""
    return _of_token(uow, _TAKE, _TAKE_IN_BROWSER, token, purpose, browser)


def take_figures(uow: UnitOfWork, figures: str, browser: str) -> str | None:
    """Whom the eight figures let in, in the browser that asked; five tries, the right one included. One or two statements.

    Never raise afterwards in the same transaction: a rolled back try would not count.
    """
    row = uow.execute(_TRY, {"of_browser": token_hash(browser), "now": uow.now}).first()
    if row is None:
        return None
    hashes = uow.box.keyed_hashes("staff code", "".join(letter for letter in figures if letter.isdigit()))
    if not any(secrets.compare_digest(row.code_hash, one) for one in hashes):
        return None
    spent = uow.execute(_SPEND, {"of_token": row.token_hash, "now": uow.now}).rowcount
    return str(row.staff_id) if spent else None


def take_code(uow: UnitOfWork, code: str) -> str | None:
    """Whose joining code it is; it is used up. Guard it with `throttles.allow`."""
    hashes = uow.box.keyed_hashes("staff join", plain_code(code))
    found: str | None = uow.execute(_TAKE_CODE, {"hashes": hashes, "now": uow.now}).scalar()
    return found


def _add(
    uow: UnitOfWork, token: str, staff_id: str, purpose: str, valid: timedelta | None = None, **hashes: str
) -> None:
    uow.execute(
        _ADD,
        {
            "token_hash": token_hash(token),
            "staff_id": staff_id,
            "purpose": purpose,
            "browser_hash": hashes.get("browser_hash"),
            "code_hash": hashes.get("code_hash"),
            "tries": 0,
            "created_at": uow.now,
            "expires_at": uow.now + (valid or VALID[purpose]),
            "used_at": None,
        },
    )


def _of_token(
    uow: UnitOfWork, anywhere: Executable, there: Executable, token: str, purpose: str, browser: str | None
) -> str | None:
    if purpose == SIGN_IN and browser is None:
        raise ValueError("a sign-in belongs to a browser")
    values = {"of_token": token_hash(token), "of_purpose": purpose, "now": uow.now}
    if browser is not None:
        values["of_browser"] = token_hash(browser)
    statement = anywhere if browser is None else there
    found: str | None = uow.execute(statement, values).scalar()
    return found
