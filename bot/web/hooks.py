"""Where Telegram hands over updates: the secret first, then the size, and 2xx only once the update is kept."""

import hmac
import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.application.services import Services

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

LARGEST = 1024 * 1024  # bytes of an update
SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105  # nosec B105  # the header's name


async def telegram(request: Request) -> Response:
    """One update. 404 without a webhook, 403 without the secret, 413 and 400 for what is no update, 503 when it cannot be kept."""
    services: Services = request.app.state.services
    adapter: Telegram | None = getattr(request.app.state, "telegram", None)
    if adapter is None:
        return PlainTextResponse("", 404)
    given = request.headers.get(SECRET, "").encode()
    if not hmac.compare_digest(given, services.settings.telegram_webhook_secret.encode()):
        return PlainTextResponse("", 403)
    update = await _update(request)
    if isinstance(update, Response):
        return update
    await adapter.take(update)  # a StorageError becomes a 503: Telegram hands it over again
    return PlainTextResponse("ok")


async def _update(request: Request) -> dict[str, Any] | Response:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return PlainTextResponse("", 413)
    try:
        update = json.loads(body)
    except ValueError:
        return PlainTextResponse("", 400)
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return PlainTextResponse("", 400)
    return update
