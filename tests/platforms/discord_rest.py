"""The stand-in's REST: who am I, the commands, and messages in channels."""

from typing import Any

from tests.platforms import discord_limits as limits
from tests.platforms import discord_payloads as payloads
from tests.platforms.discord_gateway import Gateway, intent_of
from tests.platforms.discord_limits import RefusedError
from tests.platforms.discord_wire import Answer, Call, Operation
from tests.platforms.discord_world import LOADING, NONCE_SECONDS, Attachment, Channel, Json, Message, World

GONE = Answer(204)


class Rest:
    """What can be asked with the bot's token."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway

    def operations(self) -> list[Operation]:
        """All of them by name."""
        commands, guild = (
            "/applications/{application_id}/commands",
            "/applications/{application_id}/guilds/{guild_id}",
        )
        messages = "/channels/{channel_id}/messages"
        return [
            Operation("get_me", "GET", "/users/@me", self.get_me),
            Operation("get_application", "GET", "/applications/@me", self.get_application),
            Operation("get_oauth2_application", "GET", "/oauth2/applications/@me", self.get_application),
            Operation("get_gateway", "GET", "/gateway", self.get_gateway),
            Operation("get_gateway_bot", "GET", "/gateway/bot", self.get_gateway),
            Operation("get_commands", "GET", commands, self.get_commands),
            Operation("set_commands", "PUT", commands, self.set_commands),
            Operation("get_guild_commands", "GET", f"{guild}/commands", self.get_commands),
            Operation("set_guild_commands", "PUT", f"{guild}/commands", self.set_commands),
            Operation("create_dm", "POST", "/users/@me/channels", self.create_dm),
            Operation("get_user", "GET", "/users/{user_id}", self.get_user),
            Operation("get_channel", "GET", "/channels/{channel_id}", self.get_channel),
            Operation("typing", "POST", "/channels/{channel_id}/typing", self.typing),
            Operation("get_messages", "GET", messages, self.get_messages),
            Operation("create_message", "POST", messages, self.create_message),
            Operation("get_message", "GET", f"{messages}/{{message_id}}", self.get_message),
            Operation("edit_message", "PATCH", f"{messages}/{{message_id}}", self.edit_message),
            Operation("delete_message", "DELETE", f"{messages}/{{message_id}}", self.delete_message),
            Operation("download", "GET", "/attachments/{attachment_id}/{filename}", self.download),
        ]

    # ---------------------------------------------------------------- who am I

    def get_me(self, _call: Call) -> Answer:
        return Answer(
            body=self.world.bot.payload() | {"mfa_enabled": False, "locale": "fr", "verified": True}
        )

    def get_application(self, _call: Call) -> Answer:
        return Answer(body=payloads.application(self.world))

    def get_gateway(self, call: Call) -> Answer:
        if call.operation == "get_gateway":
            return Answer(body={"url": self.gateway.url})
        starts = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return Answer(body={"url": self.gateway.url, "shards": 1, "session_start_limit": starts})

    def get_user(self, call: Call) -> Answer:
        person = self.world.people.get(int(call.params["user_id"]))
        if person is None:
            raise RefusedError(404, 10013, "Unknown User")
        return Answer(body=person.payload())

    # ---------------------------------------------------------------- commands

    def get_commands(self, call: Call) -> Answer:
        return Answer(body=self.world.commands.get(self._place(call), []))

    def set_commands(self, call: Call) -> Answer:
        limits.check_commands(call.body)
        place = self._place(call)
        known = {(one["type"], one["name"]): one["id"] for one in self.world.commands.get(place, ())}
        self.world.commands[place] = [self._command(one, place, known) for one in call.body]
        self.world.changed()
        return Answer(body=self.world.commands[place])

    def _place(self, call: Call) -> int:
        if call.params["application_id"] != str(self.world.application_id):
            raise RefusedError(
                403, 20012, "You are not authorized to perform this action on this application"
            )
        place = int(call.params.get("guild_id", 0))
        if place not in (0, self.world.guild_id):
            raise RefusedError(403, 50001, "Missing Access")
        return place

    def _command(self, given: Json, place: int, known: dict[tuple[int, str], str]) -> Json:
        kind = given.get("type") or 1
        number = known.get((kind, given["name"])) or str(self.world.new_id())
        kept = {name: value for name, value in given.items() if value is not None or name == "contexts"}
        made = {
            "default_member_permissions": None, "nsfw": False, "description": "", **kept, "id": number, "type": kind,
            "application_id": str(self.world.application_id), "version": str(self.world.new_id()),
        }  # fmt: skip
        return made | ({"guild_id": str(place)} if place else {})

    # ---------------------------------------------------------------- channels

    def create_dm(self, call: Call) -> Answer:
        person = self.world.people.get(int(call.body["recipient_id"]))
        if person is None or person.bot:
            raise RefusedError(400, 50033, "Invalid Recipient(s)")
        if self.world.dm_opening_refused:
            raise RefusedError(403, 40003, "You are opening direct messages too fast.")
        return Answer(body=payloads.channel(self.world.dm(person), self.world))

    def get_channel(self, call: Call) -> Answer:
        return Answer(body=payloads.channel(self._channel(call), self.world))

    def typing(self, call: Call) -> Answer:
        channel = self._channel(call)
        self._may_write(channel)
        self.world.typing.append(channel.id)
        self.world.changed()
        return GONE

    def download(self, call: Call) -> Answer:
        found = self.world.files.get(int(call.params["attachment_id"]))
        if found is None:
            raise RefusedError(404, 0, "Not Found")
        return Answer(raw=found.content, content_type=found.content_type)

    def _channel(self, call: Call) -> Channel:
        return self.world.channel(call.params["channel_id"])

    def _may_write(self, channel: Channel) -> None:
        person = channel.person
        if person is not None and not (person.dms_open and (person.member or person.installed)):
            raise RefusedError(403, 50007, "Cannot send messages to this user")

    # ---------------------------------------------------------------- messages

    def get_messages(self, call: Call) -> Answer:
        channel, limit = self._channel(call), int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise limits.invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
        there = sorted(number for number, it in channel.messages.items() if not (it.deleted or it.ephemeral))
        if "after" in call.query:
            there = [number for number in there if number > int(call.query["after"])][:limit]
        if "before" in call.query:
            there = [number for number in there if number < int(call.query["before"])]
        return Answer(body=[payloads.message(channel.messages[number]) for number in there[::-1][:limit]])

    def get_message(self, call: Call) -> Answer:
        return Answer(
            body=payloads.message(self.world.message(self._channel(call), call.params["message_id"]))
        )

    def create_message(self, call: Call) -> Answer:
        channel, body = self._channel(call), call.body or {}
        limits.check_message(body, len(call.files))
        if (earlier := self._earlier(channel, body)) is not None:
            return Answer(body=payloads.message(earlier))
        extra = self._reference(channel, body)
        self._may_write(channel)
        made = write(self.world, channel, call, nonce=body.get("nonce"), extra=extra)
        self.world.deliver(made, call.operation)
        tell(self.world, "MESSAGE_CREATE", made)
        return Answer(body=payloads.message(made))

    def _earlier(self, channel: Channel, body: Json) -> Message | None:
        """The message that was sent with the same nonce a moment ago."""
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        since = self.world.now() - NONCE_SECONDS
        for it in channel.messages.values():
            mine = it.author is self.world.bot and it.nonce == body["nonce"]
            if mine and it.sent.timestamp() >= since:
                return it
        return None

    def _reference(self, channel: Channel, body: Json) -> Json:
        wanted = body.get("message_reference")
        if not wanted:
            return {}
        found = channel.messages.get(int(wanted["message_id"]))
        if found is None or found.deleted:
            if wanted.get("fail_if_not_exists", True):
                raise limits.invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            return {}
        reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(found.id)}
        return {"type": 19, "message_reference": reference, "referenced_message": payloads.message(found)}

    def edit_message(self, call: Call) -> Answer:
        it = self.world.message(self._channel(call), call.params["message_id"])
        if it.author is not self.world.bot:
            raise RefusedError(403, 50005, "Cannot edit a message authored by another user")
        edit(self.world, it, call)
        return Answer(body=payloads.message(it))

    def delete_message(self, call: Call) -> Answer:
        it = self.world.message(self._channel(call), call.params["message_id"])
        if it.author is not self.world.bot and it.channel.person is not None:
            raise RefusedError(403, 50003, "Cannot execute action on a DM channel")
        delete(self.world, it)
        return GONE


def write(world: World, channel: Channel, call: Call, body: Json | None = None, **fields: Any) -> Message:
    """The bot's new message from a request's body and files."""
    body = call.body or {} if body is None else body
    return world.new_message(
        channel,
        world.bot,
        content=(body.get("content") or "").strip(),
        embeds=stored_embeds(body.get("embeds")),
        components=payloads.stored_components(body.get("components")),
        attachments=_attachments(world, body, call),
        flags=fields.pop("flags", body.get("flags") or 0),
        **fields,
    )


def edit(world: World, it: Message, call: Call, body: Json | None = None) -> None:
    """Change what the body names, leave the rest; filling a message that was thinking is no edit."""
    body = call.body or {} if body is None else body
    kept: Json = {"content": it.content, "embeds": it.embeds, "components": it.components, "flags": it.flags}
    left = kept | {name: body[name] for name in kept if name in body}
    attachments = _attachments(world, body, call, it.attachments)
    limits.check_message(left, len(attachments))
    it.content, it.attachments = (left["content"] or "").strip(), attachments
    if "embeds" in body:
        it.embeds = stored_embeds(body["embeds"])
    if "components" in body:
        it.components = payloads.stored_components(body["components"])
    if it.loading:
        it.flags &= ~LOADING
        world.deliver(it, call.operation)
    else:
        it.edits, it.edited = it.edits + 1, world.moment()
    tell(world, "MESSAGE_UPDATE", it)
    world.changed()


def delete(world: World, it: Message) -> None:
    """Take a message away."""
    it.deleted = True
    if not it.ephemeral:
        place = {} if it.channel.person else {"guild_id": str(world.guild_id)}
        gone = {"id": str(it.id), "channel_id": str(it.channel.id)} | place
        world.emit("MESSAGE_DELETE", gone, intent_of(it.channel.person is not None))
    world.changed()


def tell(world: World, event: str, it: Message) -> None:
    """Tell the bot of a message, as far as everyone sees it."""
    if not it.ephemeral:
        world.emit(event, payloads.message_event(world, it), intent_of(it.channel.person is not None))


def stored_embeds(embeds: list[Json] | None) -> list[Json]:
    """Embeds as they are given back."""
    return [{**embed, "type": "rich"} for embed in embeds or ()]


def _attachments(
    world: World, body: Json, call: Call, kept: list[Attachment] | None = None
) -> list[Attachment]:
    """Those of before that the body still names, or does not speak of; then the new files."""
    named = body.get("attachments")
    ids = None if named is None else {str(one["id"]) for one in named}
    found = [one for one in kept or () if ids is None or str(one.id) in ids]
    about = {f"files[{one['id']}]": one for one in named or ()}
    for field, (filename, content, kind) in call.files.items():
        told = about.get(field, {})
        name = told.get("filename") or filename
        found.append(world.new_attachment(name, content, kind, description=told.get("description")))
    return found
