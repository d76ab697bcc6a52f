"""The methods of the Bot API: what each does to the chats, and what it answers."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.platforms import telegram_rules as rules
from tests.platforms.telegram_html import units
from tests.platforms.telegram_messages import Call, Messages
from tests.platforms.telegram_updates import Refused, Webhook
from tests.platforms.telegram_world import World

Json = dict[str, Any]

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
CAN = (
    "can_join_groups",
    "can_read_all_group_messages",
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
)


class Methods:
    """Every method by its name, in small letters as the service compares them."""

    def __init__(self, world: World, pace: rules.Pace | None) -> None:
        self.world = world
        self.by_name: dict[str, Callable[[Call], Any]] = {
            **Messages(world, pace).by_name,
            "getme": self._get_me,
            "logout": lambda _call: True,
            "close": lambda _call: True,
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
            "getfile": self._get_file,
            "getchat": self._get_chat,
            "setmycommands": self._set_commands,
            "getmycommands": self._get_commands,
            "deletemycommands": self._delete_commands,
            "setmyname": lambda call: self._set_words(call, "name", 64),
            "getmyname": lambda call: self._get_words(call, "name"),
            "setmydescription": lambda call: self._set_words(call, "description", 512),
            "getmydescription": lambda call: self._get_words(call, "description"),
            "setmyshortdescription": lambda call: self._set_words(call, "short_description", 120),
            "getmyshortdescription": lambda call: self._get_words(call, "short_description"),
            "setchatmenubutton": self._set_menu_button,
            "getchatmenubutton": self._get_menu_button,
        }

    async def run(self, call: Call) -> Any:
        """Do it: its result."""
        method = self.by_name.get(call.method.lower())
        if method is None:
            raise Refused(404, "Not Found: method not found")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    # ------------------------------------------------------------ the bot and its updates

    def _get_me(self, _call: Call) -> Json:
        can = dict.fromkeys(CAN, False) | {"can_join_groups": True}
        return {**self.world.bot, **can}

    async def _get_updates(self, call: Call) -> list[Json]:
        updates, params = self.world.updates, call.params
        updates.allowed = params.get("allowed_updates", updates.allowed)
        limit = min(max(params.get("limit", 100), 1), 100)
        return await updates.poll(params.get("offset", 0), limit, min(params.get("timeout", 0), 50))

    def _set_webhook(self, call: Call) -> bool:
        url, secret = call.params.get("url", ""), call.params.get("secret_token", "")
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not rules.SECRET.fullmatch(secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        updates = self.world.updates
        updates.allowed = call.params.get("allowed_updates", updates.allowed)
        self._drop(call)
        updates.set_webhook(Webhook(url, secret, call.params.get("max_connections", 40)))
        return True

    def _delete_webhook(self, call: Call) -> bool:
        self._drop(call)
        self.world.updates.set_webhook(Webhook())
        return True

    def _drop(self, call: Call) -> None:
        if call.params.get("drop_pending_updates"):
            self.world.updates.waiting.clear()

    def _webhook_info(self, _call: Call) -> Json:
        updates = self.world.updates
        info: Json = {"url": updates.webhook.url, "has_custom_certificate": False}
        info["pending_update_count"] = len(updates.waiting)
        if updates.webhook.url:
            info |= {"max_connections": updates.webhook.connections, "ip_address": "127.0.0.1"}
        if updates.webhook.error:
            info["last_error_date"] = updates.webhook.error_date
            info["last_error_message"] = updates.webhook.error
        return info if not updates.allowed else {**info, "allowed_updates": updates.allowed}

    # ------------------------------------------------------------ what the bot asks and sets

    def _get_file(self, call: Call) -> Json:
        stored = self.world.files.get(str(call.params.get("file_id")))
        if stored is None:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(stored.content) > rules.DOWNLOAD:
            raise Refused(400, "Bad Request: file is too big")
        return {**stored.about, "file_path": stored.path}

    def _get_chat(self, call: Call) -> Json:
        chat = self.world.chat(call.params.get("chat_id"))
        more = {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(GIFTS, False),
        }
        return {**chat.about, **more}

    def _scope(self, call: Call) -> tuple[str, int, str]:
        scope = call.params.get("scope") or {"type": "default"}
        chat = self.world.chat(scope["chat_id"]).id if "chat_id" in scope else 0
        return str(scope["type"]), chat, str(call.params.get("language_code", ""))

    def _set_commands(self, call: Call) -> bool:
        self.world.commands[self._scope(call)] = rules.check_commands(call.params.get("commands"))
        return True

    def _get_commands(self, call: Call) -> list[Json]:
        return self.world.commands.get(self._scope(call), [])

    def _delete_commands(self, call: Call) -> bool:
        self.world.commands.pop(self._scope(call), None)
        return True

    def _set_words(self, call: Call, name: str, limit: int) -> bool:
        words = str(call.params.get(name, ""))
        if units(words) > limit:
            raise Refused(400, f"Bad Request: {name.replace('_', ' ')} is too long")
        self.world.words[name, str(call.params.get("language_code", ""))] = words
        return True

    def _get_words(self, call: Call, name: str) -> Json:
        words = self.world.words
        given = words.get((name, str(call.params.get("language_code", "")))) or words.get((name, ""))
        return {name: given or (self.world.bot["first_name"] if name == "name" else "")}

    def _set_menu_button(self, call: Call) -> bool:
        chat = self.world.chat(call.params["chat_id"]).id if "chat_id" in call.params else 0
        self.world.menu_buttons[chat] = call.params.get("menu_button") or {"type": "default"}
        return True

    def _get_menu_button(self, call: Call) -> Json:
        buttons = self.world.menu_buttons
        chat = call.params.get("chat_id", 0)
        return buttons.get(chat) or buttons.get(0) or {"type": "default"}
