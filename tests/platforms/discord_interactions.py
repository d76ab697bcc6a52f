"""The stand-in's answers to interactions: the first within three seconds, the others by token for fifteen minutes."""

from tests.platforms import discord_limits as limits
from tests.platforms import discord_payloads as payloads
from tests.platforms.discord_limits import RefusedError
from tests.platforms.discord_rest import GONE, delete, edit, tell, write
from tests.platforms.discord_wire import Answer, Call, Operation
from tests.platforms.discord_world import LOADING, Ack, Interaction, Json, Message, World

PING, MESSAGE, THINK, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
ORIGINAL = "@original"


class Interactions:
    """What can be asked with an interaction's token."""

    def __init__(self, world: World) -> None:
        self.world = world

    def operations(self) -> list[Operation]:
        """All of them by name."""
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        original, one = f"{hook}/messages/{ORIGINAL}", f"{hook}/messages/{{message_id}}"
        callback = "/interactions/{interaction_id}/{interaction_token}/callback"
        return [
            Operation("interaction_callback", "POST", callback, self.callback),
            Operation("followup", "POST", hook, self.followup),
            Operation("get_original", "GET", original, self.get_one),
            Operation("edit_original", "PATCH", original, self.edit_one),
            Operation("delete_original", "DELETE", original, self.delete_one),
            Operation("get_followup", "GET", one, self.get_one),
            Operation("edit_followup", "PATCH", one, self.edit_one),
            Operation("delete_followup", "DELETE", one, self.delete_one),
        ]

    # ---------------------------------------------------------------- the first answer

    def callback(self, call: Call) -> Answer:
        it = self.world.interactions.get(call.params["interaction_token"])
        if it is None or str(it.id) != call.params["interaction_id"]:
            raise RefusedError(404, 10062, "Unknown interaction")
        if it.ack is not None:
            raise RefusedError(400, 40060, "Interaction has already been acknowledged.")
        waited = self.world.now() - (it.delivered or self.world.now())
        if waited > self.world.ack_limit:
            raise RefusedError(404, 10062, "Unknown interaction")
        kind, data = call.body["type"], call.body.get("data") or {}
        message = self._apply(it, kind, data, call)
        it.ack = self.world.acks[it.id] = Ack(waited, kind)
        self.world.changed()
        if call.query.get("with_response") not in ("1", "true", "True"):
            return GONE
        return Answer(body=self._told(it, kind, message))

    def _apply(self, it: Interaction, kind: int, data: Json, call: Call) -> Message | None:
        if kind in (MESSAGE, THINK):
            it.response = self._answer(it, call, data, thinking=kind == THINK)
            return it.response
        if kind in (DEFER_UPDATE, UPDATE) and it.message is not None:
            it.response = it.message
            if kind == UPDATE:
                edit(self.world, it.message, call, data)
            return it.message if kind == UPDATE else None
        if kind == MODAL and it.type != 5:
            limits.check_modal(data)
            it.modal = data
            return None
        if kind == CHOICES and it.type == 4:
            it.choices = data.get("choices") or []
            return None
        raise limits.invalid(
            "type", "INTERACTION_APPLICATION_COMMAND_INVALID_CALLBACK", "Not for this interaction"
        )

    def _answer(self, it: Interaction, call: Call, data: Json, *, thinking: bool = False) -> Message:
        """A message by the interaction's token, seen by all or only by the person."""
        flags = (data.get("flags") or 0) | (LOADING if thinking else 0)
        if not thinking:
            limits.check_message(data, len(call.files))
        bot = str(self.world.application_id)
        extra: Json = {"application_id": bot, "webhook_id": bot, "type": 20 if it.type == 2 else 19}
        extra["interaction_metadata"] = payloads.metadata(self.world, it)
        made = write(self.world, it.channel, call, data, flags=flags, extra=extra, shown_to=it.person)
        if not thinking:
            self.world.deliver(made, call.operation)
        tell(self.world, "MESSAGE_CREATE", made)
        return made

    def _told(self, it: Interaction, kind: int, message: Message | None) -> Json:
        about: Json = {"id": str(it.id), "type": it.type, "channel_id": str(it.channel.id)}
        if it.channel.person is None:
            about["guild_id"] = str(self.world.guild_id)
        answer: Json = {"interaction": about}
        if message is not None:
            about["response_message_id"] = str(message.id)
            about["response_message_loading"] = message.loading
            about["response_message_ephemeral"] = message.ephemeral
            # Only what made or changed a message comes with one
            answer["resource"] = {"type": kind, "message": payloads.message(message)}
        return answer

    # ---------------------------------------------------------------- later ones

    def followup(self, call: Call) -> Answer:
        it, body = self._interaction(call), call.body or {}
        waiting = it.response
        if waiting is not None and waiting.loading and not waiting.deleted:
            edit(self.world, waiting, call)
            return Answer(body=payloads.message(waiting))
        made = self._answer(it, call, body | {"flags": (body.get("flags") or 0)})
        it.followups.append(made)
        return Answer(body=payloads.message(made))

    def get_one(self, call: Call) -> Answer:
        return Answer(body=payloads.message(self._message(call)))

    def edit_one(self, call: Call) -> Answer:
        message = self._message(call)
        edit(self.world, message, call)
        return Answer(body=payloads.message(message))

    def delete_one(self, call: Call) -> Answer:
        delete(self.world, self._message(call))
        return GONE

    def _interaction(self, call: Call) -> Interaction:
        it = self.world.interactions.get(call.params["webhook_token"])
        known = (
            it is not None
            and it.ack is not None
            and call.params["webhook_id"] == str(self.world.application_id)
        )
        if it is None or not known or self.world.now() - (it.delivered or 0) > self.world.token_life:
            raise RefusedError(404, 10015, "Unknown Webhook")
        return it

    def _message(self, call: Call) -> Message:
        it, wanted = self._interaction(call), call.params.get("message_id", ORIGINAL)
        mine = [
            one for one in (it.response, it.message, *it.followups) if one is not None and not one.deleted
        ]
        for message in mine:
            if wanted in (str(message.id), ORIGINAL) and (wanted != ORIGINAL or message is it.response):
                return message
        raise RefusedError(404, 10008, "Unknown Message")
