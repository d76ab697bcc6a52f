"""Groups with their invitations, and agreements of adults, from the command line."""

from bot import bootstrap
from bot.application import agreements
from bot.application.services import Services
from bot.cli.say import fail, say
from bot.settings import load
from storage import groups

SHORT = 8  # characters of a number that is enough to tell agreements apart


def _services() -> Services:
    return bootstrap.build(load())


def add_group(name: str) -> None:
    """A new group: its link and its QR code."""
    name = name.strip()
    if not name:
        fail("Donnez un nom au groupe.")
    services = _services()
    with services.database.begin() as uow:
        group = groups.create(uow, name)
    say(f"Groupe « {group.name} » créé.")
    _show(services, group.code)


def list_groups() -> None:
    """Every group with its link."""
    services = _services()
    with services.database.read() as uow:
        found = [(group, groups.members(uow, group.id)) for group in groups.everyone(uow)]
    if not found:
        say("Aucun groupe. « boussole group add NOM » en crée un.")
    for group, members in found:
        say(f"{group.name} — {members} jeune(s) — {services.settings.base_url}/rejoindre/{group.code}")


def _show(services: Services, code: str) -> None:
    import segno  # noqa: PLC0415 -- heavy

    link = f"{services.settings.base_url}/rejoindre/{code}"
    say(f"Lien : {link}")
    if services.settings.telegram_token:
        say(f"Telegram : https://t.me/NOM_DE_VOTRE_BOT?start={code}")
    if services.settings.discord_token:
        say(f"Discord : /boussole code:{code}")
    segno.make(link, error="m").terminal(compact=True)


def list_agreements() -> None:
    """What a coach has to confirm."""
    found = agreements.waiting(_services())
    if not found:
        say("Aucun accord n’attend de confirmation.")
    for one in found:
        say(
            f"{one.id[:SHORT]}  {one.adult or 'sans nom'} ({one.relation or 'lien non dit'}), demandé le {one.asked_at:%d/%m/%Y}"
        )


def confirm_agreement(number: str, *, confirmed: bool) -> None:
    """A coach's word on an agreement."""
    services = _services()
    matching = [one for one in agreements.waiting(services) if one.id.startswith(number)]
    if len(matching) != 1:
        fail("Aucun accord ne porte ce numéro. « boussole accords list » les montre.")
    agreements.confirm(services, matching[0].id, confirmed=confirmed)
    say("Accord confirmé : le jeune peut continuer avec son lien." if confirmed else "Accord refusé.")
