"""The Telegram channel: the adapter that reads updates and sends parts with python-telegram-bot."""

import contextlib
from collections.abc import Mapping
from typing import Any

from telegram import Bot, User
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from bot.application import replies
from bot.application.intake import FAILED, Intake, Payload
from bot.application.keyboard import Touch, too_many, touched
from bot.application.messages import Answer, Incoming, Picture, Press, Screen
from bot.application.pace import Pace
from bot.application.services import Services
from bot.channels import pictures, telegram_in, telegram_out
from bot.logs import get_logger
from storage.attempts import Outcome
from storage.outbox import OutboxRow, State

PER_SECOND, BETWEEN = 25, 1.0  # sendings in all, and seconds between two to one chat
NOTICE = 200  # characters of the small notice under a touched button
GROUPS_AGAIN = 3_600.0  # seconds before a group is told again that we talk in private
log = get_logger(__name__)


def make_bot(services: Services) -> Bot:
    """The library's client, pointed at the server of the settings."""
    settings = services.settings
    base = settings.telegram_api_url
    request = HTTPXRequest(
        connection_pool_size=32, connect_timeout=5, read_timeout=20, write_timeout=20, pool_timeout=5
    )
    polling = HTTPXRequest(connection_pool_size=1, connect_timeout=5, read_timeout=40, pool_timeout=5)
    return Bot(
        settings.telegram_token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=polling,
    )


class Telegram:
    """Implements the application's `Channel` (sending) and `Platform` (receiving). One event loop."""

    name = "telegram"

    def __init__(self, services: Services, bot: Bot, pace: Pace) -> None:
        self.services, self.bot, self.pace = services, bot, pace
        self.intake = Intake(services, self)
        self._told: dict[str, float] = {}  # groups that were told to write in private

    # ------------------------------------------------------------ going out

    async def send(self, row: OutboxRow, address: str) -> Outcome:
        """Send one part of the outbox. Never raises."""
        try:
            picture = None
            if row.body.get("kind") == "picture":
                picture = await pictures.of_part(self.services, row.body, row.person_id)
            sent = await telegram_out.send_part(self.bot, address, row.body, picture)
        except TelegramError as error:
            now = self.services.now()
            return telegram_out.outcome(error, now, lambda seconds: self.pace.hold(seconds, address))
        except Exception as error:  # noqa: BLE001 -- whatever it was, it may have gone out
            return Outcome(State.UNKNOWN, type(error).__name__)
        return Outcome(State.SENT, platform_id=str(sent.message_id))

    async def show(self, payload: Payload, address: str, answer: Answer) -> None:
        """Send the answer to a visit at once: nothing of it is kept, so nothing is sent again. Never raises."""
        _ = payload
        said = [one for one in answer.view.messages if one.side == "bot"]
        base = self.services.settings.base_url
        bodies = replies.bodies(replies.absolute(said, base), answer.view.screen, self.name)
        if answer.notice and not isinstance(telegram_in.body(payload), Press):
            bodies.append({"kind": "text", "text": answer.notice})
        for body in bodies:
            await self.pace.turn(address)
            try:
                picture = (
                    await pictures.of_part(self.services, body, None) if body["kind"] == "picture" else None
                )
                await telegram_out.send_part(self.bot, address, body, picture)
            except TelegramError as error:
                log.warning("visit_not_answered", channel=self.name, why=type(error).__name__)
                now = self.services.now()
                telegram_out.outcome(error, now, lambda seconds: self.pace.hold(seconds, address))
                return

    async def after(self, payload: Payload, address: str, answer: Answer | None) -> None:
        """End the little clock on the button, say the notice there, and take away buttons that have served."""
        _ = address
        query = payload.get("callback_query")
        if not query:
            return
        pressed = isinstance(
            telegram_in.body(payload), Press
        )  # the notice of any other button went out as a text
        await self._acknowledge(query, answer.notice if answer and (pressed or answer.person is None) else "")
        if answer is not None and answer.person == FAILED:
            return
        message = query.get("message") or {}
        touch = touched(str(query.get("data") or ""))
        waits = answer.view.screen.id if answer and answer.view.screen else ""
        if answer is not None and touch is not None and touch.screen != waits and _carries(message, touch):
            await self._edit(message, None)

    # ------------------------------------------------------------ coming in

    async def read(self, payload: Payload, address: str, key: str) -> Incoming | None:
        """What an update says, its picture fetched. TelegramError when it cannot be fetched now."""
        picture, at = telegram_in.photo(payload), telegram_in.written_at(payload)
        if picture is not None:
            file = await self.bot.get_file(picture[0])
            content = bytes(await file.download_as_bytearray())
            return Incoming(self.name, address, key, Picture(content, caption=picture[1]), at)
        body = telegram_in.body(payload)
        return Incoming(self.name, address, key, body, at) if body is not None else None

    async def take(self, update: Mapping[str, Any]) -> None:
        """One update, from polling or from the webhook. StorageError: it must be handed over again."""
        whence = telegram_in.origin(update)
        if whence.group:
            await self._in_group(whence.group, update)
        if not whence.address:
            return
        if member := update.get("my_chat_member"):
            status = (member.get("new_chat_member") or {}).get("status")
            await self.intake.blocked(whence.address, blocked=status in ("kicked", "left"))
            return
        query = update.get("callback_query")
        touch = touched(str(query.get("data") or "")) if query else None
        if query and touch is not None and touch.body is None:
            await self._redraw(query, whence.address, touch)
            return
        await self.intake.take(str(update["update_id"]), whence.address, update)

    async def _redraw(self, query: Mapping[str, Any], address: str, touch: Touch) -> None:
        """Tick, order or turn a page under the same question: nothing is said, so nothing is kept."""
        screen = await self.intake.screen(address)
        say = self.services.library.microcopy.say
        if screen is None or screen.id != touch.screen:
            await self._acknowledge(query, say("screen_changed"))
            return
        if too_many(screen, touch.picked):
            most, least = screen.asked.maximum, screen.asked.minimum
            await self._acknowledge(query, say("pick_between", min=least, max=most))
            return
        await self._acknowledge(query, "")
        await self._edit(query.get("message") or {}, screen, touch)

    async def _acknowledge(self, query: Mapping[str, Any], notice: str) -> None:
        try:
            await self.bot.answer_callback_query(str(query["id"]), notice[:NOTICE] or None)
        except BadRequest:
            return  # too late, or touched twice: the dialogue goes on all the same
        except TelegramError as error:
            log.info("not_acknowledged", channel=self.name, why=type(error).__name__)

    async def _edit(
        self, message: Mapping[str, Any], screen: Screen | None, touch: Touch | None = None
    ) -> None:
        buttons = telegram_out.markup(screen, touch.picked, touch.page) if touch else None
        chat, number = (message.get("chat") or {}).get("id"), message.get("message_id")
        if chat is None or number is None:
            return
        await self.pace.turn()
        with contextlib.suppress(TelegramError):  # not modified, deleted: the buttons still work
            await self.bot.edit_message_reply_markup(chat, number, reply_markup=buttons)

    async def _in_group(self, group: str, update: Mapping[str, Any]) -> None:
        """We talk in private; a group is told so once an hour, and nothing of it is read."""
        now = self.services.now().timestamp()
        if "message" not in update or now - self._told.get(group, 0.0) < GROUPS_AGAIN:
            return
        self._told[group] = now
        me: User = self.bot.bot
        said = self.services.library.microcopy.say("only_private", link=f"https://t.me/{me.username}")
        await self.pace.turn(group)
        with contextlib.suppress(TelegramError):
            await self.bot.send_message(group, said)


def _carries(message: Mapping[str, Any], touch: Touch) -> bool:
    """Whether the message really shows that screen's buttons: a forged one takes nobody's away."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or ()
    return any(
        str(one.get("callback_data", "")).startswith(f"{touch.screen}.") for row in rows for one in row
    )
