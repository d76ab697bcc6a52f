"""People on a stand-in Telegram: they write, press, send, block, and look at what the bot shows them."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.platforms.telegram_html import units
from tests.platforms.telegram_world import Chat, Query, Sent, World

Json = dict[str, Any]

FOUND = (
    ("bot_command", re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,32}(?:@\w+)?\b")),
    ("url", re.compile(r"https?://\S+")),
)
EVERY = 0.005  # seconds between two looks


@dataclass(eq=False)
class User:
    """Somebody, and their chat alone with the bot. What they do gives the id of the update it made."""

    world: World
    id: int
    first_name: str = "Lou"
    last_name: str = ""
    username: str = ""
    language: str = "fr"
    is_bot: bool = False
    looked: int = 0  # the last change that `sees_new` has given

    def __post_init__(self) -> None:
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        about = {"id": self.id, "type": "private", **{key: name for key, name in names.items() if name}}
        self.chat = self.world.chats.setdefault(self.id, Chat(self.id, about))

    @property
    def about(self) -> Json:
        """The User, as the service gives it."""
        given: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        more = {"last_name": self.last_name, "username": self.username, "language_code": self.language}
        return given | {key: value for key, value in more.items() if value}

    # ------------------------------------------------------------ sends

    def sends(self, where: Chat | None = None, **content: Any) -> int:
        """Send a message of any content, to the bot or into a group."""
        chat = where or self.chat
        if chat.blocked:
            raise AssertionError("Telegram lets nobody write to a bot that they block")
        chat.known = True
        number = self.world.number()
        head = {"message_id": number, "from": self.about, "chat": chat.about, "date": self.world.date()}
        chat.received[number] = {**head, **content}
        return self.world.updates.push({"message": chat.received[number]})

    def writes(self, text: str, where: Chat | None = None, **extra: Any) -> int:
        """Write words; commands and links in them are marked."""
        return self.sends(where, **_marked(text), **extra)

    def sends_photo(self, content: bytes, caption: str = "", **extra: Any) -> int:
        return self.sends(photo=self.world.sizes(content), **_caption(caption), **extra)

    def sends_document(self, content: bytes, name: str, kind: str, caption: str = "", **extra: Any) -> int:
        stored = self.world.keep(content, "documents", name.rpartition(".")[2])
        document = {**stored.about, "file_name": name, "mime_type": kind}
        return self.sends(document=document, **_caption(caption), **extra)

    def sends_sticker(self, emoji: str = "👍", **extra: Any) -> int:
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        stored = self.world.keep(b"RIFF....WEBP", "stickers", "webp")
        return self.sends(sticker={**stored.about, **shape, "emoji": emoji}, **extra)

    def sends_voice(self, content: bytes = b"OggS", seconds: int = 3, **extra: Any) -> int:
        stored = self.world.keep(content, "voice", "oga")
        return self.sends(voice={**stored.about, "duration": seconds, "mime_type": "audio/ogg"}, **extra)

    def sends_location(self, latitude: float = 50.64, longitude: float = 5.57, **extra: Any) -> int:
        return self.sends(location={"latitude": latitude, "longitude": longitude}, **extra)

    def sends_contact(self, phone: str = "+32400000000", name: str = "Sam", **extra: Any) -> int:
        return self.sends(contact={"phone_number": phone, "first_name": name}, **extra)

    def sends_poll(
        self, question: str = "Oui ?", options: tuple[str, ...] = ("Oui", "Non"), **extra: Any
    ) -> int:
        choices = [
            {"persistent_id": str(place), "text": text, "voter_count": 0}
            for place, text in enumerate(options)
        ]
        no = dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False)
        asked = {"id": str(self.world.number()), "question": question, "options": choices}
        poll = {**asked, "type": "regular", "total_voter_count": 0, "is_anonymous": True, **no}
        return self.sends(poll=poll, **extra)

    def forwards(self, text: str, author: str = "Quelqu'un", **extra: Any) -> int:
        """Pass on what somebody else wrote, who hides who they are."""
        origin = {"type": "hidden_user", "date": self.world.date(), "sender_user_name": author}
        return self.writes(text, forward_origin=origin, **extra)

    def edits(self, update: int, text: str) -> int:
        """Change the words of an earlier message, named by the update that brought it."""
        before = self.world.updates.all[update]["message"]
        after = {**before, **_marked(text), "edit_date": self.world.date()}
        self.world.chats[before["chat"]["id"]].received[before["message_id"]] = after
        return self.world.updates.push({"edited_message": after})

    # ------------------------------------------------------------ presses

    def presses(self, message: Sent, which: str | int = 0) -> int:
        """Press a button of a message as it stands now, by its label, a part of it, or its place."""
        button = message.buttons[which] if isinstance(which, int) else _named(message, which)
        if "callback_data" not in button:
            raise AssertionError(f"{button} tells the bot nothing")
        return self.presses_data(message, button["callback_data"])

    def presses_data(self, message: Sent, data: str) -> int:
        """Press a button that may have gone since, with whatever it carried."""
        number = str(self.world.number())
        self.world.queries[number] = Query(number, data, self.world.clock())
        shown = message.body
        if message.deleted:
            shown = {"chat": message.body["chat"], "message_id": message.id, "date": 0}
        query = {"id": number, "from": self.about, "message": shown, "chat_instance": f"i{message.chat}"}
        return self.world.updates.push({"callback_query": {**query, "data": data}})

    def answer_to(self, update: int) -> Json | None:
        """What the bot answered to a press: None if nothing yet; the text is absent from a silent answer."""
        return self.world.queries[self.world.updates.all[update]["callback_query"]["id"]].answer

    # ------------------------------------------------------------ leaves and comes back

    def blocks(self) -> int:
        """Block the bot."""
        self.chat.blocked = True
        return self._member("member", "kicked")

    def unblocks(self) -> int:
        """Let the bot write again."""
        self.chat.blocked = False
        return self._member("kicked", "member")

    def deactivates(self) -> None:
        """Delete the account: nobody tells the bot."""
        self.chat.deactivated = True

    def _member(self, before: str, after: str) -> int:
        def state(status: str) -> Json:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"status": status, "user": self.world.bot, **until}

        head = {"chat": self.chat.about, "from": self.about, "date": self.world.date()}
        change = {**head, "old_chat_member": state(before), "new_chat_member": state(after)}
        return self.world.updates.push({"my_chat_member": change})

    # ------------------------------------------------------------ looks

    @property
    def messages(self) -> list[Sent]:
        """What the bot sent, in order, as it stands now; those taken away are marked `deleted`."""
        return self.chat.sent

    @property
    def shown(self) -> list[Sent]:
        """The same without what was taken away."""
        return [one for one in self.chat.sent if not one.deleted]

    @property
    def commands(self) -> list[Json]:
        """The commands in this person's menu."""
        return self.world.commands_for(self.id, self.language)

    async def sees(self, part: str = "", timeout: float = 5.0) -> Sent:  # noqa: ASYNC109  # fails, cancels nothing
        """The last message that holds these words, as soon as there is one."""
        return await self._look(lambda one: part in one.text, f"nothing says {part!r}", timeout)

    async def sees_new(self, part: str = "", timeout: float = 5.0) -> Sent:  # noqa: ASYNC109  # the same
        """The next message with these words that came or changed after the one that this gave last.

        What came or changed before it, with other words, counts as seen.
        """

        def new(one: Sent) -> bool:
            return one.changed > self.looked and part in one.text

        found = await self._look(new, f"nothing new says {part!r}", timeout, first=True)
        self.looked = found.changed
        return found

    def looks(self) -> None:
        """Take all that stands there now as seen."""
        self.looked = max((one.changed for one in self.messages), default=self.looked)

    async def _look(
        self, suits: Callable[[Sent], bool], why: str, seconds: float, *, first: bool = False
    ) -> Sent:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while True:  # looks again and again, so that the server may live on another loop
            found = [one for one in self.shown if suits(one)]
            if found:
                return min(found, key=lambda one: one.changed) if first else found[-1]
            if loop.time() > end:
                raise AssertionError(f"{why}: {[one.text for one in self.shown[-5:]]}")
            await asyncio.sleep(EVERY)


@dataclass(eq=False)
class Group:
    """A group that the bot is in."""

    world: World
    id: int
    title: str

    def __post_init__(self) -> None:
        kind = "supergroup" if self.id < -(10**12) else "group"
        about: Json = {"id": self.id, "type": kind, "title": self.title}
        self.chat = self.world.chats.setdefault(self.id, Chat(self.id, about, known=True))

    def writes(self, user: User, text: str, **extra: Any) -> int:
        """Somebody writes in the group."""
        return user.writes(text, self.chat, **extra)

    def upgrades(self, number: int) -> "Group":
        """Become a supergroup, with another id."""
        self.chat.moved_to = number
        return Group(self.world, number, self.title)

    @property
    def messages(self) -> list[Sent]:
        """What the bot sent."""
        return self.chat.sent


def _marked(text: str) -> Json:
    found = [
        {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}
        for kind, pattern in FOUND
        for match in pattern.finditer(text)
    ]
    return {"text": text, "entities": found} if found else {"text": text}


def _caption(text: str) -> Json:
    return {"caption": text} if text else {}


def _named(message: Sent, label: str) -> Json:
    exact = [button for button in message.buttons if button["text"] == label]
    near = exact or [button for button in message.buttons if label in button["text"]]
    if len(near) != 1:
        raise AssertionError(f"{len(near)} buttons named {label!r} among {message.labels}")
    return near[0]
