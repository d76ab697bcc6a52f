"""What a channel shows of a conversation: the messages after a number, and the screen that waits."""

from collections.abc import Iterable
from datetime import datetime

from bot.application.desk import Desk
from bot.application.messages import Message, View
from bot.application.services import Services
from storage import conversations
from storage.conversations import Conversation, StoredMessage

PAGE = 200  # messages read at once


def desk_of(conversation: Conversation) -> Desk:
    """The desk that `remember` kept."""
    memo = dict(conversation.memo)
    return Desk.from_json({**memo, "run": conversation.state})


def messages_of(stored: Iterable[StoredMessage]) -> tuple[Message, ...]:
    """Stored messages as channels know them."""
    return tuple(Message(one.side, one.kind, one.body, one.seq, one.at) for one in stored)


def since(services: Services, person_id: str, seq: int) -> View:
    """What is new after `seq` (0 for everything still kept), and the current screen. LookupError: no such person."""
    with services.database.read() as uow:
        stored = conversations.messages_after(uow, person_id, seq, PAGE)
        conversation = conversations.load(uow, person_id)
    return View(messages_of(stored), desk_of(conversation).screen)


def latest(services: Services, person_id: str, limit: int = 60) -> View:
    """The end of the conversation, for a page that is opened. LookupError: no such person."""
    with services.database.read() as uow:
        stored = conversations.last_messages(uow, person_id, limit)
        conversation = conversations.load(uow, person_id)
    return View(messages_of(stored), desk_of(conversation).screen)


def last_seen(services: Services, person_id: str) -> datetime | None:
    """When the person last sent something. LookupError: no such person."""
    with services.database.read() as uow:
        return desk_of(conversations.load(uow, person_id)).last_at
