"""How people of the centre come in: with a password, or by a link that is sent to them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from bot.application import team, team_mail
from bot.application.passwords import Hasher
from bot.application.rights import Act, Actor, may
from bot.application.services import Services
from bot.application.threads import in_thread, writing
from bot.logs import get_logger
from storage import staff, staff_links, staff_sessions, throttles
from storage.staff import Member
from storage.staff_links import SIGN_IN
from storage.unit_of_work import UnitOfWork

TRIES, WINDOW = 5, timedelta(minutes=15)  # of one account from one place; the account is never locked
FROM_ONE_PLACE = (
    40  # tries in the window from one place, whatever the accounts: a whole office may sit behind it
)
MESSAGES = 10  # sign-in messages to one account in the window, whoever asks
NOBODY = Actor("", frozenset())
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the site with its own cookie: the cookie of one opens nothing in the other."""

    name: str
    path: str
    act: Act  # what lets in
    title: str


TEAM = Area("equipe", "/equipe", Act.SEE_TEAM_PAGES, "Espace équipe")
MENTORS = Area("mentorat", "/mentorat", Act.SEE_MENTOR_PAGES, "Espace mentors")
AREAS = (TEAM, MENTORS)


class Refusal(StrEnum):
    """Why somebody does not come in. WRONG says nothing about whether the account exists."""

    WRONG = auto()
    OFTEN = auto()
    ELSEWHERE = auto()  # all is right, but their roles open the other area


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session: the token for the cookie of the area."""

    token: str
    actor: Actor
    area: Area


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a try comes from: the network address, the cookie of who asks to come in, and that of an earlier session."""

    origin: str
    asking: str = ""
    session: str = ""


# ---------------------------------------------------------------- a password


async def with_password(
    services: Services, hasher: Hasher, area: Area, email: str, password: str, browser: Browser
) -> Entered | Refusal:
    """Come in with an e-mail address and a password. For an address nobody has, all the same steps. TooBusy."""

    def first(uow: UnitOfWork) -> tuple[bool, Member | None, str | None]:
        allowed = _allow(uow, "staff password", email, browser.origin)
        member = staff.by_email(uow, email)
        return allowed, member, staff.password(uow, member.id if member else "")

    allowed, member, kept = await writing(services, first)
    if not allowed:
        return Refusal.OFTEN
    fits = await hasher.fits(kept, password)
    renewed = await hasher.hash(password) if fits and kept and hasher.is_old(kept) else None

    def last(uow: UnitOfWork) -> Entered | Refusal:
        unchanged = member is not None and staff.password(uow, member.id) == kept
        if not fits or member is None or not unchanged:
            return _failed(uow, member, "password")
        throttles.forget(uow, "staff password", _bucket(email, browser.origin))
        if renewed:
            staff.set_password(uow, member.id, renewed)
        return enter(uow, area, member.id, browser, "password")

    return await writing(services, last)


# ---------------------------------------------------------------- a link and its figures


async def ask_link(services: Services, area: Area, email: str, browser: Browser) -> Refusal | None:
    """Send a link and a code, if the address is that of somebody who may come in there. The answer never tells."""

    def ask(uow: UnitOfWork) -> Refusal | None:
        if not _allow(uow, "staff link", email, browser.origin):
            return Refusal.OFTEN
        staff_links.forget_browser(uow, browser.asking)
        member = staff.by_email(uow, email)
        few = throttles.allow(uow, "staff messages", staff.plain_email(email), MESSAGES, WINDOW)
        if member is None or not few or not may(team.actor_of(member), area.act):
            return None
        made = staff_links.sign_in(uow, member.id, browser.asking)
        link = f"{services.settings.base_url}{area.path}/entrer/{made.token}"
        if not team_mail.send_sign_in(services, uow, member.id, made, link):
            log.warning("sign_in_has_no_way")  # neither a joined chat nor mail: `boussole check` says so too
        return None

    return await writing(services, ask)


async def link_works(services: Services, token: str, browser: Browser) -> bool:
    """Whether a link would let this browser in. Uses nothing up."""

    def look() -> bool:
        with services.database.read() as uow:
            return staff_links.look(uow, token, SIGN_IN, browser.asking) is not None

    return bool(browser.asking) and await in_thread(services, look)


async def with_link(services: Services, area: Area, token: str, browser: Browser) -> Entered | Refusal:
    """Come in by the link of a message."""

    def come(uow: UnitOfWork) -> Entered | Refusal:
        if not throttles.allow(uow, "staff figures", browser.origin, FROM_ONE_PLACE, WINDOW):
            return Refusal.OFTEN  # nobody guesses a link, but each failure is a line in the log
        found = staff_links.take(uow, token, SIGN_IN, browser.asking) if browser.asking else None
        return enter(uow, area, found, browser, "link") if found else _failed(uow, None, "link")

    return await writing(services, come)


async def with_figures(services: Services, area: Area, figures: str, browser: Browser) -> Entered | Refusal:
    """Come in by the figures of a message, typed in the browser that asked."""

    def come(uow: UnitOfWork) -> Entered | Refusal:
        if not throttles.allow(uow, "staff figures", browser.origin, FROM_ONE_PLACE, WINDOW):
            return Refusal.OFTEN
        found = staff_links.take_figures(uow, figures, browser.asking) if browser.asking else None
        return enter(uow, area, found, browser, "code") if found else _failed(uow, None, "code")

    return await writing(services, come)


# ---------------------------------------------------------------- shared


def _bucket(email: str, origin: str) -> str:
    return f"{staff.plain_email(email)}\0{origin}"


def _allow(uow: UnitOfWork, action: str, email: str, origin: str) -> bool:
    """Count a try of this account from this place, and of this place in all. Both are counted, known address or not."""
    of_account = throttles.allow(uow, action, _bucket(email, origin), TRIES, WINDOW)
    of_place = throttles.allow(uow, f"{action} all", origin, FROM_ONE_PLACE, WINDOW)
    return of_account and of_place


def _failed(uow: UnitOfWork, member: Member | None, way: str) -> Refusal:
    """Noted without what was typed: an address that nobody has may be somebody's password, typed in the wrong field."""
    team.note(uow, NOBODY, "sign_in_failed", member.id if member else "", way=way)
    return Refusal.WRONG


def enter(uow: UnitOfWork, area: Area, staff_id: str, browser: Browser, way: str) -> Entered | Refusal:
    """Open a session in place of the browser's earlier one, if their roles open the area. `way`: for the log."""
    actor = team.actor_of_id(uow, staff_id)
    if actor is None:
        return Refusal.WRONG
    if not may(actor, area.act):
        return Refusal.ELSEWHERE
    token = staff_sessions.open_session(uow, actor.id, area.name, instead_of=browser.session)
    staff.seen(uow, actor.id)
    team.note(uow, actor, "signed_in", actor.id, way=way, area=area.name)
    return Entered(token, actor, area)
