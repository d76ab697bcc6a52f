"""What is written to people of the centre: where it goes (a joined chat first, else e-mail), and the sign-in message."""

from datetime import timedelta

from bot.application import replies
from bot.application.channels import PLATFORMS
from bot.application.services import Services
from storage import outbox, staff_addresses
from storage.crypto import token_hash
from storage.outbox import NewRow
from storage.staff_addresses import MAIL
from storage.staff_links import SIGN_IN, VALID, SignIn
from storage.unit_of_work import UnitOfWork

KIND = "sign_in"
MINUTES = int(VALID[SIGN_IN] / timedelta(minutes=1))


def contact(services: Services, uow: UnitOfWork, staff_id: str) -> str | None:
    """The channel on which somebody of the centre is written to; None when there is none that works here."""
    served = set(services.settings.platforms()) & PLATFORMS
    if services.settings.smtp_url:
        served.add(MAIL)
    return next((name for name in staff_addresses.reachable(uow, staff_id) if name in served), None)


def can_send_links(services: Services) -> bool:
    """Whether a link can reach anybody at all: without mail and without a platform, only passwords open the site."""
    return bool(services.settings.smtp_url or services.settings.platforms())


def send_sign_in(services: Services, uow: UnitOfWork, staff_id: str, made: SignIn, link: str) -> bool:
    """Put the message of a sign-in in the outbox; False when there is no way to write to them."""
    channel = contact(services, uow, staff_id)
    if channel is None:
        return False
    body = {"kind": "text", "text": _text(services, made, link), "subject": _subject(services)}
    row = NewRow(
        KIND,
        f"sign_in:{token_hash(made.token)[:32]}",
        staff_id,
        channel,
        body,
        expires_at=uow.now + VALID[SIGN_IN],
    )
    outbox.add(uow, [row])
    uow.after_commit(lambda: services.bus.deliver(replies.bell(channel)))
    return True


def _subject(services: Services) -> str:
    return f"{services.settings.bot_name} : votre lien pour entrer"


def _text(services: Services, made: SignIn, link: str) -> str:
    figures = f"{made.code[:4]} {made.code[4:]}"
    return (
        f"Pour entrer dans {services.settings.bot_name}, tapez ce code dans la page que vous avez ouverte :\n\n{figures}\n\n"
        f"Ou ouvrez ce lien dans le même navigateur :\n{link}\n\n"
        f"L’un ou l’autre, une seule fois, pendant {MINUTES} minutes. "
        "Si vous n’avez rien demandé, ne faites rien : personne n’entre sans ce message. Ne donnez ce code à personne."
    )
