"""People of the centre from the command line: whoever holds the machine adds, closes, gives roles and reads the log."""

from zoneinfo import ZoneInfo

from bot.application import team
from bot.application.rights import OPERATOR, Act, require
from bot.application.team import Invited, TeamError
from bot.cli.housekeeping import database
from bot.cli.say import fail, say
from bot.settings import Settings, load
from storage import staff_addresses, staff_log
from storage.database import Database
from storage.staff import Member
from storage.unit_of_work import UnitOfWork

SHORT = 8  # characters of an identifier that are shown, and enough to name somebody
LOG_ZONE = ZoneInfo("Europe/Brussels")
DONE = {
    "staff_added": "ajoute",
    "staff_invited": "donne un nouveau lien à",
    "staff_closed": "ferme le compte de",
    "role_granted": "donne un rôle à",
    "role_revoked": "retire un rôle à",
    "activated": "active son compte",
    "signed_in": "entre",
    "signed_out": "sort",
    "sign_in_failed": "essai manqué d’entrer",
    "password_changed": "change son mot de passe",  # nosec B105  # a phrase of the log
    "chat_joined": "joint une conversation",
    "chat_left": "quitte une conversation",
    "chat_lost": "la conversation refuse nos messages",
}


def _open() -> tuple[Settings, Database]:
    settings = load()
    base = database(settings)
    base.check()
    return settings, base


def add(name: str, roles: list[str], email: str) -> None:
    """Add somebody, and print the link by which they come in."""
    settings, base = _open()
    try:
        with base.begin() as uow:
            made = team.add(uow, OPERATOR, name, [team.role_of(word) for word in roles], email)
    except TeamError as error:
        fail(str(error))
    say(f"{made.member.name} fait partie de l’équipe ({_roles(made.member)}).")
    _say_link(settings, made)


def link(who: str) -> None:
    """Print a new activation link."""
    settings, base = _open()
    try:
        with base.begin() as uow:
            made = team.invite(uow, OPERATOR, _one(uow, who).id)
    except TeamError as error:
        fail(str(error))
    _say_link(settings, made)


def _say_link(settings: Settings, made: Invited) -> None:
    say(f"Lien pour {made.member.name}, à lui donner en main propre (une seule fois, trois jours) :")
    say(f"  {settings.base_url}/equipe/bienvenue/{made.token}")


def list_people() -> None:
    """Everybody, with their roles and the ways to write to them."""
    _settings, base = _open()
    with base.read() as uow:
        found = [(one, staff_addresses.joined(uow, one.id)) for one in team.everyone(uow, OPERATOR)]
    if not found:
        say("Personne. « boussole staff add NOM --role coach --email … » ajoute quelqu’un.")
    for member, chats in found:
        say(f"{member.id[:SHORT]}  {member.name} — {_state(member, chats)}")


def _state(member: Member, chats: dict[str, str]) -> str:
    if member.closed_at is not None:
        return f"compte fermé le {member.closed_at.astimezone(LOG_ZONE):%d/%m/%Y}"
    ways = [member.email or "sans e-mail", *(name.capitalize() for name in chats)]
    seen = f"venu le {member.seen_at.astimezone(LOG_ZONE):%d/%m/%Y}" if member.seen_at else "jamais venu"
    return f"{_roles(member)} — {', '.join(ways)} — {seen}"


def close(who: str) -> None:
    """Close an account, at once."""
    _settings, base = _open()
    try:
        with base.begin() as uow:
            member = _one(uow, who)
            closed = team.close(uow, OPERATOR, member.id)
    except TeamError as error:
        fail(str(error))
    if not closed:
        say(f"Le compte de {member.name} était déjà fermé.")
        return
    say(
        f"Le compte de {member.name} est fermé : sessions, liens, mot de passe et conversations sont effacés."
    )


def change_role(who: str, role: str, *, give: bool) -> None:
    """Give a role or take one away; a role that is lost ends the sessions."""
    _settings, base = _open()
    try:
        with base.begin() as uow:
            member, wanted = _one(uow, who), team.role_of(role)
            change = team.grant if give else team.revoke
            changed = change(uow, OPERATOR, member.id, wanted)
            after = _one(uow, member.id)
    except TeamError as error:
        fail(str(error))
    say(
        f"{member.name} : {_roles(after)}."
        if changed
        else f"{member.name} n’a rien qui change : {_roles(after)}."
    )
    if changed and not give:
        say("Ses sessions sont finies.")


def show_log(limit: int, *, verify: bool) -> None:
    """The last acts, the newest last; or whether the whole log is untouched."""
    _settings, base = _open()
    require(OPERATOR, Act.SEE_LOG)
    with base.read() as uow:
        if verify:
            _say_verdict(staff_log.verify(uow))
            return
        names = {one.id: one.name for one in team.everyone(uow, OPERATOR)}
        lines = staff_log.latest(uow, limit)[::-1]
    if not lines:
        say("Le journal est vide.")
    for line in lines:
        say(f"{line.number}  {line.at.astimezone(LOG_ZONE):%d/%m/%Y %H:%M}  {_sentence(line, names)}")


def _say_verdict(found: staff_log.Verdict) -> None:
    if not found.sound:
        fail(f"Le journal a été touché : la ligne {found.wrong} manque ou n’est plus celle qui fut écrite.")
    say(f"Journal intact : {found.lines} ligne(s).")


def _sentence(line: staff_log.Line, names: dict[str, str]) -> str:
    nobody = "quelqu’un" if line.act == "sign_in_failed" else "ligne de commande"
    who = names.get(line.staff_id or "", "une personne effacée" if line.staff_id else nobody)
    about = names.get(line.about, line.about) if line.about != (line.staff_id or "") else ""
    facts = ", ".join(_fact(value) for name, value in line.detail.items() if name != "salt")
    said = f"{who} : {DONE.get(line.act, line.act)} {about}".rstrip()
    return f"{said} ({facts})" if facts else said


def _fact(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _roles(member: Member) -> str:
    return team.in_words(team.actor_of(member).roles)


def _one(uow: UnitOfWork, who: str) -> Member:
    """The one that is meant by the beginning of an identifier, an e-mail address or a name. TeamError for none or several."""
    plain = who.strip().casefold()
    everybody = team.everyone(uow, OPERATOR)
    exact = [one for one in everybody if plain in (one.id, one.email)]
    named = [one for one in everybody if one.name.casefold() == plain or (len(plain) >= SHORT and one.id.startswith(plain))]  # fmt: skip
    found = exact or [one for one in named if one.active] or named
    if not found:
        raise TeamError(f"Personne ne s’appelle « {who} ». « boussole staff list » montre tout le monde.")
    if len(found) > 1:
        raise TeamError(f"Plusieurs personnes s’appellent « {who} » : donnez l’identifiant que montre « boussole staff list ».")  # fmt: skip
    return found[0]
