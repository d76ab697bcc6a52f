"""The methods of the Bot API that put messages in a chat, change them and take them away, and answer presses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.platforms import telegram_rules as rules
from tests.platforms.telegram_updates import Refused
from tests.platforms.telegram_world import Chat, Delivery, Sent, Stored, World

Json = dict[str, Any]

DELETABLE = timedelta(hours=48)
SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True)
class Upload:
    """A file in a request."""

    name: str
    kind: str
    content: bytes


@dataclass
class Call:
    """A decoded request."""

    method: str
    params: Json
    files: Mapping[str, Upload] = field(default_factory=dict)

    def uploaded(self, name: str) -> Upload | str | None:
        """The file of that parameter: sent along, or the id of one that the service has."""
        value = self.params.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return self.files.get(name) or value


class Messages:
    """Each by its name, in small letters."""

    def __init__(self, world: World, pace: rules.Pace | None) -> None:
        self.world = world
        self.pace = pace
        self.by_name: dict[str, Callable[[Call], Any]] = {
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "senddocument": self._send_document,
            "sendchataction": self._send_action,
            "editmessagetext": self._edit_text,
            "editmessagecaption": self._edit_caption,
            "editmessagereplymarkup": self._edit_markup,
            "deletemessage": self._delete_message,
            "answercallbackquery": self._answer_query,
        }

    # ------------------------------------------------------------ sending

    def _send_message(self, call: Call) -> Json:
        chat = self.world.writable(call.params.get("chat_id"))
        return self._place(call, chat, _text(call))

    def _send_photo(self, call: Call) -> Json:
        chat = self.world.writable(call.params.get("chat_id"))
        given = self._given(call, "photo")
        if isinstance(given, Upload):
            sizes = self.world.sizes(given.content)
            rules.check_photo(given.content, (sizes[-1]["width"], sizes[-1]["height"]))
        elif given.id in self.world.photos:
            sizes = self.world.photos[given.id]
        else:
            raise Refused(400, "Bad Request: can't use file of type Document as Photo")
        return self._place(call, chat, {"photo": sizes, **_caption(call)}, given.content)

    def _send_document(self, call: Call) -> Json:
        chat = self.world.writable(call.params.get("chat_id"))
        given = self._given(call, "document")
        if isinstance(given, Upload):
            stored = self.world.keep(given.content, "documents", given.name.rpartition(".")[2])
            document = {**stored.about, "file_name": given.name, "mime_type": given.kind}
        else:
            document = {**given.about, "file_name": given.path.rpartition("/")[2]}
        return self._place(call, chat, {"document": document, **_caption(call)}, given.content)

    def _given(self, call: Call, name: str) -> Upload | Stored:
        found = call.uploaded(name)
        if found is None:
            raise Refused(400, f"Bad Request: there is no {name} in the request")
        if isinstance(found, Upload):
            if not found.content:
                raise Refused(400, "Bad Request: file must be non-empty")
            return found
        if found not in self.world.files:
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        return self.world.files[found]

    def _place(self, call: Call, chat: Chat, content: Json, file: bytes | None = None) -> Json:
        """Put a message of the bot in a chat."""
        inline, other = rules.keyboard(call.params.get("reply_markup"))
        reply = self._replied(call, chat)
        if self.pace is not None:
            self.pace.take(chat.id)
        head = {"message_id": self.world.number(), "from": self.world.bot, "chat": chat.about}
        body = {**head, "date": self.world.date(), **reply, **content}
        if inline:
            body["reply_markup"] = inline
        if call.params.get("protect_content"):
            body["has_protected_content"] = True
        silent = bool(call.params.get("disable_notification"))
        sent = Sent(body, call.method, file, other, silent=silent, changed=self.world.tick())
        chat.sent.append(sent)
        self.world.deliveries.append(Delivery(self.world.clock(), chat.id, call.method, sent.text, sent.id))
        return body

    def _replied(self, call: Call, chat: Chat) -> Json:
        wanted = call.params.get("reply_parameters")
        if not wanted:
            return {}
        number = wanted.get("message_id")
        own = chat.find(number)
        found = own.body if own else chat.received.get(number)
        if found is None:
            if wanted.get("allow_sending_without_reply"):
                return {}
            raise Refused(400, "Bad Request: message to be replied not found")
        return {"reply_to_message": {key: part for key, part in found.items() if key != "reply_to_message"}}

    def _send_action(self, call: Call) -> bool:
        chat = self.world.writable(call.params.get("chat_id"))
        action = call.params.get("action")
        if action not in rules.ACTIONS:
            raise Refused(400, "Bad Request: wrong parameter action in request")
        chat.actions.append(action)
        return True

    # ------------------------------------------------------------ changing

    def _to_edit(self, call: Call) -> Sent:
        chat = self.world.chat(call.params.get("chat_id"))
        if chat.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        number = call.params.get("message_id")
        found = chat.find(number) if isinstance(number, int) else None
        if found is not None:
            return found
        what = "message can't be edited" if number in chat.received else "message to edit not found"
        raise Refused(400, f"Bad Request: {what}")

    def _change(self, sent: Sent, content: Json, markup: object) -> Json:
        """Set the content and the inline keyboard; without one, the keyboard goes."""
        inline, _ = rules.keyboard(markup)
        changing = {"text", "entities", "caption", "caption_entities", "link_preview_options", "reply_markup"}
        before = {key: part for key, part in sent.body.items() if key != "edit_date"}
        after = {key: part for key, part in before.items() if key not in changing} | content
        if inline:
            after["reply_markup"] = inline
        if after == before:
            raise Refused(400, SAME)
        sent.body = {**after, "edit_date": self.world.date()}
        sent.edits += 1
        sent.changed = self.world.tick()
        return sent.body

    def _edit_text(self, call: Call) -> Json:
        sent = self._to_edit(call)
        if "text" not in sent.body:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        return self._change(sent, _text(call), call.params.get("reply_markup"))

    def _edit_caption(self, call: Call) -> Json:
        sent = self._to_edit(call)
        if sent.content is None:
            raise Refused(400, "Bad Request: there is no caption in the message to edit")
        return self._change(sent, _caption(call), call.params.get("reply_markup"))

    def _edit_markup(self, call: Call) -> Json:
        sent = self._to_edit(call)
        kept = ("text", "entities", "caption", "caption_entities", "link_preview_options")
        content = {key: sent.body[key] for key in kept if key in sent.body}
        return self._change(sent, content, call.params.get("reply_markup"))

    def _delete_message(self, call: Call) -> bool:
        chat = self.world.chat(call.params.get("chat_id"))
        number = call.params.get("message_id")
        sent = chat.find(number) if isinstance(number, int) else None
        body = sent.body if sent else chat.received.get(number or 0)
        if body is None:
            raise Refused(400, "Bad Request: message to delete not found")
        if self.world.date() - body["date"] > DELETABLE.total_seconds() or (not sent and not chat.private):
            raise Refused(400, "Bad Request: message can't be deleted")
        if sent:
            sent.deleted = True
            sent.changed = self.world.tick()
        else:
            del chat.received[body["message_id"]]
        return True

    def _answer_query(self, call: Call) -> bool:
        query = self.world.queries.get(str(call.params.get("callback_query_id")))
        late = query is None or self.world.clock() - query.time > self.world.query_life
        if query is None or late or query.answer is not None:
            raise Refused(400, TOO_OLD)
        if len(call.params.get("text", "")) > rules.NOTICE:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        query.answer = {key: call.params[key] for key in ("text", "show_alert", "url") if key in call.params}
        return True


def _text(call: Call) -> Json:
    text, entities = rules.written(call.params, "text", rules.TEXT)
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    content: Json = {"text": text, **({"entities": entities} if entities else {})}
    preview = call.params.get("link_preview_options")
    return {**content, "link_preview_options": preview} if preview else content


def _caption(call: Call) -> Json:
    text, entities = rules.written(call.params, "caption", rules.CAPTION)
    if not text:
        return {}
    return {"caption": text, **({"caption_entities": entities} if entities else {})}
