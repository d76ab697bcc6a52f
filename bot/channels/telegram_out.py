"""What goes out on Telegram: texts and pictures with their buttons, and what each refusal means for delivery."""

import html
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.application import keyboard, wire
from bot.application.messages import Screen
from storage.attempts import Outcome
from storage.outbox import State

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)  # the connection never stood
GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot can't initiate", "peer_id_invalid")
FORMATTING = "can't parse entities"
SAME = "message is not modified"
WAIT_FOR_TOKEN = timedelta(minutes=5)


def markup(
    screen: Screen | None, picked: tuple[int, ...] | None = None, page: int | None = None
) -> InlineKeyboardMarkup | None:
    """The buttons of a screen under its question."""
    rows = keyboard.board(screen, picked, page) if screen is not None else []
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(one.label, callback_data=one.data) for one in row] for row in rows]
    )


def screen_of(body: Mapping[str, Any]) -> Screen | None:
    """The screen that the last part of a turn carries."""
    return wire.screen_from_json(body.get("screen"))


def marked_up(text: str, screen: Screen | None) -> str:
    """The text as HTML, with the question that waits in bold: it is what eyes look for on a small screen."""
    prompt = screen.asked.prompt.strip() if screen is not None else ""
    if prompt and text.rstrip().endswith(prompt):
        before = text.rstrip()[: -len(prompt)]
        return f"{html.escape(before, quote=False)}<b>{html.escape(prompt, quote=False)}</b>"
    return html.escape(text, quote=False)


async def send_part(bot: Bot, chat: str, body: Mapping[str, Any], picture: bytes | None) -> Message:
    """Send one part; formatting that is refused is sent once more as plain text. Raises TelegramError."""
    screen, text = screen_of(body), str(body.get("text") or "…")
    buttons = markup(screen)

    async def sending(words: str, mode: str | None) -> Message:
        if picture is not None:
            return await bot.send_photo(chat, picture, caption=words, parse_mode=mode, reply_markup=buttons)
        return await bot.send_message(chat, words, parse_mode=mode, reply_markup=buttons)

    try:
        return await sending(marked_up(text, screen), "HTML")
    except BadRequest as error:
        if FORMATTING not in error.message.lower():
            raise
        return await sending(text, None)


def outcome(error: TelegramError, now: datetime, hold: Callable[[float], None]) -> Outcome:
    """What a failed sending means. `hold(seconds)` is called when Telegram asks for silence towards this chat."""
    reason = f"{type(error).__name__}: {error.message}"[:200]
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        span = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
        hold(span.total_seconds())
        return Outcome(State.RETRY, reason, now + span, counts=False)
    if isinstance(error, Forbidden) or any(sign in error.message.lower() for sign in GONE):
        return Outcome(State.FAILED, reason, unreachable=True)
    if isinstance(error, InvalidToken | Conflict):  # ours to mend, not the message's fault
        return Outcome(State.RETRY, "the token is refused", now + WAIT_FOR_TOKEN, counts=False)
    if isinstance(error, BadRequest | ChatMigrated):
        return Outcome(State.FAILED, reason)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, NOT_SENT):
        return Outcome(State.RETRY, reason)
    return Outcome(State.UNKNOWN, reason)
