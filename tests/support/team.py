"""People of the centre for tests: added as the operator does, signed in as they do (or at once, where that is not the matter)."""

from typing import Any

import httpx

from bot.application import passwords, team
from bot.application.passwords import Cost
from bot.application.rights import OPERATOR, Actor, Role
from bot.application.services import Services
from bot.application.signing_in import TEAM, Area
from bot.web import team as door
from storage import staff, staff_addresses, staff_sessions

passwords.COST = Cost(time=1, memory=8, lanes=1)  # hashes that take no time
PASSWORD = "cheval correct agrafe pile"


def add(
    services: Services, name: str, *roles: Role, email: str = "", password: str = "", telegram: str = ""
) -> Actor:
    """Somebody with these roles, a password and a chat address where they are given."""
    with services.database.begin() as uow:
        member = team.add(uow, OPERATOR, name, roles or [Role.COACH], email).member
        if password:
            staff.set_password(uow, member.id, passwords.Hasher()._argon.hash(password))
        if telegram:
            staff_addresses.join(uow, member.id, "telegram", telegram)
        return team.actor_of(member)


def signed_in(services: Services, client: httpx.AsyncClient, actor: Actor, area: Area = TEAM) -> str:
    """Put a session of that colleague into a client's cookies: the token."""
    with services.database.begin() as uow:
        token = staff_sessions.open_session(uow, actor.id, area.name)
    client.cookies.set(door.cookie_name(services, area), token, domain=client.base_url.host, path="/")
    return token


def form(services: Services, token: str, **fields: Any) -> dict[str, Any]:
    """A form as the page of that session would send it."""
    return {"csrf": door.form_token(services, token), **fields}
