"""What somebody of the centre does with their own account: accept an invitation, change their password."""

from bot.application import passwords, team, team_mail
from bot.application.passwords import Hasher
from bot.application.rights import Actor, may
from bot.application.services import Services
from bot.application.signing_in import MENTORS, TEAM, TRIES, WINDOW, Browser, Entered, Refusal, enter
from bot.application.team import TeamError
from bot.application.threads import in_thread, writing
from storage import meta, staff, staff_links, staff_sessions, throttles
from storage.staff import Member
from storage.staff_links import INVITE
from storage.unit_of_work import UnitOfWork


async def invited(services: Services, token: str) -> Member | None:
    """Whom an activation link is for. Uses nothing up."""

    def look() -> Member | None:
        with services.database.read() as uow:
            found = staff_links.look(uow, token, INVITE)
            member = staff.get(uow, found) if found else None
            return member if member is not None and member.active else None

    return await in_thread(services, look)


async def activate(
    services: Services, hasher: Hasher, token: str, email: str, password: str | None, browser: Browser
) -> Entered | Refusal:
    """Choose a password, or none (links only), and come in; other sessions end. TeamError says what does not go: then nothing is used up."""
    member = await invited(services, token)
    if member is None:
        return Refusal.WRONG
    email = member.email or team.clean_email(email)
    if not email:
        raise TeamError("Donnez votre adresse e-mail : elle vous sert à entrer la prochaine fois.")
    _check(services, password, (member.name, email))
    hashed = None if password is None else await hasher.hash(password)

    def accept(uow: UnitOfWork) -> Entered | Refusal:
        if staff_links.take(uow, token, INVITE) is None:
            return Refusal.WRONG
        if not member.email:
            _keep_email(uow, member.id, email)
        staff.set_password(uow, member.id, hashed)
        staff_sessions.close_all(uow, member.id)
        team.note(uow, team.actor_of(member), "activated", member.id, password=hashed is not None)
        area = TEAM if may(team.actor_of(member), TEAM.act) else MENTORS
        return enter(uow, area, member.id, browser, "invitation")

    return await writing(services, accept)


async def try_sample(services: Services, token: str, browser: Browser) -> Entered | Refusal:
    """Come in as a made-up colleague: only in the demonstration, where the link serves again and again."""

    def come(uow: UnitOfWork) -> Entered | Refusal:
        found = staff_links.look(uow, token, INVITE)
        member = staff.get(uow, found) if found else None
        if member is None or not is_sample(services, member) or not meta.is_sample(uow):
            return Refusal.WRONG
        area = TEAM if may(team.actor_of(member), TEAM.act) else MENTORS
        return enter(uow, area, member.id, browser, "sample")

    return await writing(services, come)


def is_sample(services: Services, member: Member) -> bool:
    """Whether this colleague is made up, in the demonstration."""
    return services.settings.demo and member.sample


def _check(services: Services, password: str | None, own: tuple[str, ...]) -> None:
    if password is None:
        if not team_mail.can_send_links(services):
            raise TeamError(
                "Choisissez un mot de passe : ce serveur n’envoie ni e-mail ni message, un lien ne vous arriverait pas."
            )
        return
    settings = services.settings
    wrong = passwords.problem(password, (*own, settings.bot_name, settings.centre_name))
    if wrong:
        raise TeamError(wrong)


def _keep_email(uow: UnitOfWork, staff_id: str, email: str) -> None:
    other = staff.by_email(uow, email)
    if other is not None and other.id != staff_id:
        raise TeamError("Cette adresse e-mail est déjà celle d’un autre compte.")
    staff.set_email(uow, staff_id, email)


# ---------------------------------------------------------------- one's own account


async def change_password(
    services: Services, hasher: Hasher, actor: Actor, old: str, new: str, session: str
) -> int:
    """Another password; every other session ends: how many. TeamError says what does not go. `session`: the token of this one."""

    def first(uow: UnitOfWork) -> tuple[bool, Member | None, str | None]:
        allowed = throttles.allow(uow, "staff change", actor.id, TRIES, WINDOW)
        return allowed, staff.get(uow, actor.id), staff.password(uow, actor.id)

    allowed, member, kept = await writing(services, first)
    if not allowed or member is None:
        raise TeamError("Trop d’essais. Réessayez dans un quart d’heure.")
    if kept is not None and not await hasher.fits(kept, old):
        raise TeamError("L’ancien mot de passe n’est pas celui-là. Rien n’a changé.")
    _check(services, new, (member.name, member.email))
    hashed = await hasher.hash(new)

    def last(uow: UnitOfWork) -> int:
        if staff.password(uow, actor.id) != kept:
            raise TeamError("Le mot de passe vient de changer ailleurs. Rechargez la page.")
        staff.set_password(uow, actor.id, hashed)
        throttles.forget(uow, "staff change", actor.id)
        team.note(uow, actor, "password_changed", actor.id)
        return staff_sessions.close_all(uow, actor.id, but=session)

    return await writing(services, last)
