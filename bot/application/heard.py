"""Words typed outside the conversation: safety reads them first too, and what it answers stands in the conversation."""

from bot.application import helping, safety, turns
from bot.application.messages import Incoming, Text
from bot.application.services import Services
from storage import conversations
from storage.people import WEB, Person
from storage.unit_of_work import UnitOfWork


def alarming(services: Services, text: str) -> bool:
    """Whether safety has something to say of a text, whatever was said before."""
    return bool(safety.read(text, services.now()).level)


def read(services: Services, uow: UnitOfWork, person: Person, text: str, key: str = "") -> bool:
    """Let safety read words of a person (locked). True when it answered in the conversation: show that, and nothing else.

    The words then stand in the conversation, as if they had been typed there, and the page that runs waits where it was.
    """
    held = conversations.load(uow, person)
    incoming = Incoming(WEB, person.id, key or uow.now.isoformat(), Text(text))
    scene = turns.open_scene(services, uow, person, held, incoming)
    if not helping.read_first(scene, text):
        return False
    turns.close_scene(scene, person, held, asked_for=False)
    return True
