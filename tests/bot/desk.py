"""Somebody of the centre who gives commands in a chat: types, presses buttons by label, sees what is put to be sent."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import select

from bot.application import staff_commands, team
from bot.application.messages import Answer, Body, Incoming, Press, Text
from bot.application.rights import OPERATOR, Role
from bot.application.services import Services
from storage import staff_addresses
from storage.tables import outbox

_SAID = select(outbox.c.body).where(outbox.c.kind == "desk").order_by(outbox.c.id)


def colleague(services: Services, *roles: Role, address: str = "77", channel: str = "telegram") -> str:
    """Somebody of the centre whose chat address is joined: their id."""
    with services.database.begin() as uow:
        made = team.add(uow, OPERATOR, "Ana", roles or (Role.COACH,))
        staff_addresses.join(uow, made.member.id, channel, address)
        return made.member.id


@dataclass
class Desk:
    """One address of one platform."""

    services: Services
    address: str = "77"
    channel: str = "telegram"
    waiting: staff_commands.Waiting = field(default_factory=staff_commands.Waiting)
    keys: "count[int]" = field(default_factory=count)

    def send(self, body: Body, key: str = "") -> Answer | None:
        """One message; a given `key` makes it a second delivery."""
        incoming = Incoming(self.channel, self.address, key or f"k{next(self.keys)}", body)
        return staff_commands.handle(self.services, self.waiting, incoming)

    def type(self, text: str, key: str = "") -> str:
        """Type words: what is answered, or nothing when they are not for the team."""
        before = len(self.all())
        self.send(Text(text), key)
        return "\n".join(str(one["text"]) for one in self.all()[before:])

    def press(self, label: str, key: str = "") -> str:
        """Press a button of the newest question."""
        screen = next(one["screen"] for one in reversed(self.all()) if one.get("screen"))
        labels = [option[1] for option in screen["asked"]["options"]]
        before = len(self.all())
        self.send(Press(screen["id"], (labels.index(label),)), key)
        return "\n".join(str(one["text"]) for one in self.all()[before:])

    @property
    def labels(self) -> list[str]:
        """The buttons under the last thing said."""
        screen = self.all()[-1].get("screen")
        return [option[1] for option in screen["asked"]["options"]] if screen else []

    def all(self) -> list[dict[str, Any]]:
        """Everything put to be sent to staff."""
        with self.services.database.read() as uow:
            return [uow.box.open_json(row.body) for row in uow.execute(_SAID)]
