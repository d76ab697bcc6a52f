"""People of the centre, as the application deals with them: who acts, who is added, what they may do, where they chat."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.application.rights import Act, Actor, NotAllowed, Role, require
from bot.application.services import Services
from storage import staff, staff_addresses, staff_links, staff_log, staff_sessions, throttles
from storage.errors import Conflict
from storage.staff import Member
from storage.unit_of_work import UnitOfWork

LONGEST_NAME, LONGEST_EMAIL = 60, 200  # characters
ROLES = tuple(role for role in Role if role is not Role.LEARNER)
LABELS = {
    Role.MENTOR: "mentor",
    Role.COACH: "coach",
    Role.STAFF: "équipe",
    Role.SAFEGUARDING: "protection",
    Role.ADMIN: "administration",
}
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_BREAKS = (
    "Cc",
    "Zl",
    "Zp",
)  # control characters and separators of lines; other hidden ones (bidi marks…) just go


class TeamError(ValueError):
    """What was asked does not go; the message is a French sentence that may be shown as it is."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody, and the token of the link by which they come in (72 hours, once)."""

    member: Member
    token: str


def actor_of(member: Member) -> Actor:
    """The actor that somebody of the centre is; without any role once they are closed."""
    roles = frozenset(Role(role) for role in member.roles) if member.active else frozenset()
    return Actor(member.id, roles, member.name)


def actor_of_id(uow: UnitOfWork, staff_id: str) -> Actor | None:
    """The actor of that id with the roles of this moment; None for nobody and for who is closed."""
    member = staff.get(uow, staff_id)
    return actor_of(member) if member is not None and member.active else None


def actor_of_address(uow: UnitOfWork, channel: str, address: str) -> Actor | None:
    """The colleague whose chat address it is, with the roles of this moment; None for anybody else."""
    member = staff.by_address(uow, channel, address)
    return actor_of(member) if member is not None else None


def note(uow: UnitOfWork, actor: Actor, act: str, about: str = "", **detail: Any) -> None:
    """Write an act into the log, in the transaction of the act itself. Facts only: no password, no typed address."""
    staff_log.write(uow, actor.id or None, act, about, detail)


def role_of(word: str) -> Role:
    """The role that a word names, in English or in French. TeamError for another."""
    plain = word.strip().casefold()
    found = [role for role in ROLES if plain in (role.value, LABELS[role])]
    if not found:
        raise TeamError(f"Le rôle « {word} » n’existe pas. Les rôles : {', '.join(ROLES)}.")
    return found[0]


def in_words(roles: Iterable[Role]) -> str:
    """Roles as colleagues say them."""
    held = set(roles)
    return ", ".join(LABELS[role] for role in ROLES if role in held) or "aucun rôle"


def clean_name(name: str) -> str:
    """A name without hidden characters. TeamError for an empty one, or one of more than 60 characters."""
    kinds = [(letter, unicodedata.category(letter)) for letter in unicodedata.normalize("NFC", name)]
    kept = "".join(
        " " if kind in _BREAKS else letter for letter, kind in kinds if kind[0] != "C" or kind == "Cc"
    )
    plain = " ".join(kept.split())
    if not plain:
        raise TeamError("Donnez un nom : celui par lequel les collègues l’appellent.")
    if len(plain) > LONGEST_NAME:
        raise TeamError(f"Ce nom est trop long : {LONGEST_NAME} signes au plus.")
    return plain


def clean_email(email: str) -> str:
    """An e-mail address, or nothing. TeamError when it cannot be one."""
    plain = staff.plain_email(email)
    if plain and (len(plain) > LONGEST_EMAIL or not _EMAIL.fullmatch(plain)):
        raise TeamError("Cette adresse e-mail ne se comprend pas. Exemple : prenom@centre.be")
    return plain


# ---------------------------------------------------------------- who is here


def everyone(uow: UnitOfWork, actor: Actor) -> list[Member]:
    """Everybody of the centre, those closed too."""
    require(actor, Act.SEE_TEAM)
    return staff.everyone(uow)


def add(uow: UnitOfWork, actor: Actor, name: str, roles: Iterable[Role], email: str = "") -> Invited:
    """Somebody new, with at least one role, and their activation link. TeamError with the reason when it does not go."""
    require(actor, Act.ADD_STAFF)
    given = sorted(set(roles))
    if not given:
        raise TeamError(f"Donnez au moins un rôle avec --role : {', '.join(ROLES)}.")
    name, email = clean_name(name), clean_email(email)
    if email and staff.by_email(uow, email) is not None:
        raise TeamError("Cette adresse e-mail est déjà celle d’un autre compte.")
    member = staff.add(uow, name, email)
    for role in given:
        staff.grant(uow, member.id, role)
    note(uow, actor, "staff_added", member.id, roles=[str(role) for role in given])
    return Invited(_known(uow, member.id), staff_links.invite(uow, member.id))


def invite(uow: UnitOfWork, actor: Actor, staff_id: str) -> Invited:
    """A new activation link; the one before stops working. It also helps somebody who forgot their password."""
    require(actor, Act.ADD_STAFF)
    member = _open(uow, staff_id)
    note(uow, actor, "staff_invited", member.id)
    return Invited(member, staff_links.invite(uow, member.id))


def close(uow: UnitOfWork, actor: Actor, staff_id: str) -> bool:
    """They may do nothing any more, at once. False when they were closed before."""
    require(actor, Act.CLOSE_STAFF)
    _known(uow, staff_id)
    closed = staff.close(uow, staff_id)
    if closed:
        note(uow, actor, "staff_closed", staff_id)
    return closed


def grant(uow: UnitOfWork, actor: Actor, staff_id: str, role: Role) -> bool:
    """Give a role. Nobody gives one to themselves. False when they had it."""
    _may_change_roles(actor, staff_id)
    if role.value in _open(uow, staff_id).roles:
        return False
    staff.grant(uow, staff_id, role)
    note(uow, actor, "role_granted", staff_id, role=role.value)
    return True


def revoke(uow: UnitOfWork, actor: Actor, staff_id: str, role: Role) -> bool:
    """Take a role away, and end all their sessions with it. False when they did not have it."""
    _may_change_roles(actor, staff_id)
    if not staff.revoke(uow, staff_id, role):
        return False
    staff_sessions.close_all(uow, staff_id)
    note(uow, actor, "role_revoked", staff_id, role=role.value)
    return True


def _may_change_roles(actor: Actor, staff_id: str) -> None:
    require(actor, Act.GRANT_ROLES)
    if actor.id and actor.id == staff_id:
        raise NotAllowed(Act.GRANT_ROLES)


def _known(uow: UnitOfWork, staff_id: str) -> Member:
    member = staff.get(uow, staff_id)
    if member is None:
        raise TeamError("Personne ne porte cet identifiant. « boussole staff list » les montre.")
    return member


def _open(uow: UnitOfWork, staff_id: str) -> Member:
    member = _known(uow, staff_id)
    if not member.active:
        raise TeamError("Ce compte est fermé. Ajoutez la personne à nouveau.")
    return member


# ---------------------------------------------------------------- where they chat


@dataclass(frozen=True, slots=True)
class Joined:
    """What `/equipe CODE` did: the colleague when it worked, and the sentence to answer with."""

    actor: Actor | None
    text: str


def join_chat(services: Services, channel: str, address: str, code: str) -> Joined:
    """Join the chat address that said a code of « mon compte ». Call it only for a private conversation with the bot.

    A stranger, a wrong code and an old one get the same answer, and five tries a quarter of an hour.
    """
    with services.database.begin() as uow:
        if not throttles.allow(uow, "staff join", f"{channel} {address}"):
            return Joined(None, "Trop d’essais. Réessayez dans un quart d’heure.")
        staff_id = staff_links.take_code(uow, code)
        member = staff.get(uow, staff_id) if staff_id else None
        if member is None or not member.active:
            return Joined(
                None,
                "Ce code ne marche pas, ou plus : il vaut dix minutes et une seule fois. "
                "Demandez-en un autre sur la page « Mon compte » de l’espace équipe.",
            )
        try:
            staff_addresses.join(uow, member.id, channel, address)
        except Conflict:
            return Joined(None, "Cette conversation est déjà celle d’un autre compte de l’équipe.")
        throttles.forget(uow, "staff join", f"{channel} {address}")
        actor = actor_of(member)
        note(uow, actor, "chat_joined", member.id, channel=channel)
    return Joined(actor, _welcome(services, actor))


def _welcome(services: Services, actor: Actor) -> str:
    return (
        f"C’est fait, {actor.label} : {services.settings.bot_name} vous écrit ici, et reconnaît ici vos commandes d’équipe. "
        f"Vos rôles : {in_words(actor.roles)}. Tout ce qui n’est pas une commande d’équipe reste une conversation ordinaire."
    )


def leave_chat(uow: UnitOfWork, actor: Actor, channel: str) -> bool:
    """Take one's own chat address away; whether there was one."""
    left = staff_addresses.leave(uow, actor.id, channel)
    if left:
        note(uow, actor, "chat_left", actor.id, channel=channel)
    return left
