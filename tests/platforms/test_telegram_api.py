"""The real python-telegram-bot talks to the stand-in Bot API over sockets, and finds what it would find at Telegram."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
import telegram
from aiohttp import web
from PIL import Image
from telegram.ext import Application, ChatMemberHandler, MessageHandler, TypeHandler, filters
from telegram.request import HTTPXRequest

from tests.platforms import telegram_contract as contract
from tests.platforms.faults import Fault, Tear
from tests.platforms.telegram_api import Request, TelegramApi, refusal, running, too_many
from tests.platforms.telegram_html import BadHtmlError, cut, parse
from tests.support.databases import Clock

PRESS = telegram.InlineKeyboardMarkup.from_row(
    [
        telegram.InlineKeyboardButton("Oui", callback_data="o"),
        telegram.InlineKeyboardButton("Non", callback_data="n"),
    ]
)
HELD = 2.0  # seconds; no test waits for it to pass


@pytest.fixture(autouse=True)
def _seconds_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of whoever reads `retry_after` as a number, itself included."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    """The server; whatever passed over the wire fits the description of the real one, where that is at hand."""
    async with TelegramApi() as api:
        yield api
    if contract.SPECS.exists():
        assert contract.deviations(api.requests) == []


@pytest.fixture
async def bot(api: TelegramApi) -> AsyncIterator[telegram.Bot]:
    async with library(api) as bot:
        yield bot


@pytest.fixture
def lou(api: TelegramApi):
    """Somebody who has written, and whose words the bot has not fetched."""
    user = api.user(1001, first_name="Lou", language="fr")
    user.writes("bonjour")
    api.updates.waiting.clear()
    return user


@asynccontextmanager
async def library(api: TelegramApi, *, token: str = "", patience: float = 5.0) -> AsyncIterator[telegram.Bot]:
    """The library's bot, without its first getMe."""
    bot = telegram.Bot(
        token or api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=HTTPXRequest(read_timeout=patience),
        get_updates_request=HTTPXRequest(read_timeout=patience),
    )
    requests = bot._request
    for one in requests:
        await one.initialize()
    yield bot
    for one in requests:
        await one.shutdown()


@asynccontextmanager
async def polling(api: TelegramApi, *handlers: Any) -> AsyncIterator[Any]:
    """The library's application, which polls."""
    builder = Application.builder().token(api.token).base_url(f"{api.url}/bot")
    app = builder.base_file_url(f"{api.url}/file/bot").build()
    app.add_handlers(list(handlers))
    await app.initialize()
    await app.start()
    assert app.updater is not None
    await app.updater.start_polling(timeout=timedelta(seconds=HELD))
    yield app
    await app.updater.stop()
    await app.stop()
    await app.shutdown()


def picture(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 80).save(out, "PNG")
    return out.getvalue()


# ---------------------------------------------------------------- updates


async def test_a_polling_application_answers(api):
    async def answer(update, _context):
        await update.effective_message.reply_html(f"Tu dis <b>{update.effective_message.text}</b>")

    lou, sam = api.user(1001), api.user(1002, first_name="Sam")
    async with polling(api, MessageHandler(filters.TEXT, answer)):
        lou.writes("bonjour")
        sam.writes("salut")
        assert (await lou.sees("bonjour")).text == "Tu dis bonjour"
        assert (await sam.sees_new()).text == "Tu dis salut"
        await api.idle()
    assert [(one.chat, one.method) for one in api.deliveries] == [
        (1001, "sendMessage"),
        (1002, "sendMessage"),
    ]


async def test_an_offset_confirms_and_a_limit_holds_back(api, bot):
    lou = api.user(1001)
    ids = [lou.writes(str(number)) for number in range(5)]
    assert [one.update_id for one in await bot.get_updates(limit=2)] == ids[:2]
    assert [one.update_id for one in await bot.get_updates(offset=ids[3])] == ids[3:]
    assert [one.update_id for one in await bot.get_updates(offset=ids[1])] == ids[3:]
    assert [one.update_id for one in await bot.get_updates(offset=-1)] == ids[4:]
    assert await bot.get_updates(offset=ids[4] + 1) == ()


async def test_a_poll_is_held_until_something_comes(api, bot):
    held = asyncio.create_task(bot.get_updates(timeout=5))
    await until(lambda: api.asked("getUpdates"))
    assert not held.done()
    number = api.user(1001).writes("enfin")
    assert [one.update_id for one in await held] == [number]
    assert await bot.get_updates(offset=number + 1, timeout=0) == ()


async def test_only_the_wanted_updates_come(api, bot):
    lou = api.user(1001)
    await bot.get_updates(allowed_updates=["callback_query"])
    lou.writes("bonjour")
    assert await bot.get_updates() == ()
    await bot.get_updates(allowed_updates=[])
    api.push({"message_reaction": {}})
    number = lou.writes("encore")
    assert [one.update_id for one in await bot.get_updates()] == [number]


async def test_an_update_comes_a_second_time(api, bot):
    number = api.user(1001).writes("bonjour")
    await bot.get_updates()
    assert await bot.get_updates(offset=number + 1) == ()
    api.replay(number)
    again = await bot.get_updates(offset=number + 1)
    assert [one.update_id for one in again] == [number]
    assert await bot.get_updates(offset=number + 1) == ()


async def test_the_older_of_two_pollers_is_sent_away(api, bot):
    older = asyncio.create_task(bot.get_updates(timeout=5))
    await until(lambda: api.asked("getUpdates"))
    async with library(api) as other:
        newer = asyncio.create_task(other.get_updates(timeout=5))
        with pytest.raises(telegram.error.Conflict, match="terminated by other getUpdates request"):
            await older
        number = api.user(1001).writes("bonjour")
        assert [one.update_id for one in await newer] == [number]


# ---------------------------------------------------------------- webhook


@asynccontextmanager
async def hook(statuses: list[int]) -> AsyncIterator[tuple[str, list[Any]]]:
    """A place where updates are posted: its address, and what came. It answers with these, then with 200."""
    came: list[Any] = []

    async def take(request):
        came.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", came
    await runner.cleanup()


async def test_a_webhook_is_posted_to_with_its_secret_until_it_takes_the_update(api, bot):
    heard = []

    async def hear(update, _context):
        heard.append((update.update_id, update.effective_message.text))

    app = Application.builder().bot(bot).updater(None).build()
    app.add_handler(TypeHandler(telegram.Update, hear))
    async with hook([500, 404]) as (url, came):
        await bot.set_webhook(url, secret_token="passe_partout")
        first = api.user(1001).writes("bonjour")
        second = api.user(1001).writes("encore")
        await api.idle()
        info = await bot.get_webhook_info()
        assert info.url == url
        assert info.pending_update_count == 0
        assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"
        assert [secret for secret, _ in came] == ["passe_partout"] * 4
        assert [body["update_id"] for _, body in came] == [first, first, first, second]
        async with app:
            for _, body in came[2:]:
                await app.process_update(telegram.Update.de_json(body, app.bot))
    assert heard == [(first, "bonjour"), (second, "encore")]


async def test_a_webhook_and_a_poll_exclude_each_other(api, bot):
    held = asyncio.create_task(bot.get_updates(timeout=5))
    await until(lambda: api.asked("getUpdates"))
    async with hook([]) as (url, came):
        await bot.set_webhook(url)
        with pytest.raises(telegram.error.Conflict, match="terminated by setWebhook"):
            await held
        with pytest.raises(telegram.error.Conflict, match="while webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        number = api.user(1001).writes("bonjour")
        assert [one.update_id for one in await bot.get_updates()] == [number]
        assert came == []


async def test_a_webhook_may_drop_what_waits(api, bot):
    api.user(1001).writes("bonjour")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
    with pytest.raises(telegram.error.BadRequest, match="an https url must be provided"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(telegram.error.BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://example.org/hook", secret_token="é")


# ---------------------------------------------------------------- messages


async def test_html_becomes_entities_counted_in_utf_16(bot, lou):
    source = '👩🏽‍🎨 <b>Gras <i>et</i></b> &lt;3 <a href="https://example.org/x?a=1&amp;b=2">lien</a>'
    message = await bot.send_message(lou.id, f"  {source}\n", parse_mode="HTML")
    assert message.text == "👩🏽‍🎨 Gras et <3 lien"
    assert message.parse_entities() == dict(zip(message.entities, ["Gras et", "et", "lien"], strict=True))
    assert [one.type for one in message.entities] == ["bold", "italic", "text_link"]
    assert message.entities[0].offset == 8
    assert message.entities[2].url == "https://example.org/x?a=1&b=2"
    assert lou.messages[0].entities[0] == {"type": "bold", "offset": 8, "length": 7}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("é <x>", 'Unsupported start tag "x" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b>gras", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>gras</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("gras</b>", "Unexpected end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x", 'Unclosed start tag "a" at byte offset 0'),
        ("<a =x>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>", "Unexpected end of name token at byte offset 9"),
        ("<b>x</b ", "Unclosed end tag at byte offset 4"),
        ('<span class="x">y</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_told_with_its_place(source, words):
    with pytest.raises(BadHtmlError) as refused:
        parse(source)
    assert str(refused.value) == words


def test_every_tag_has_its_entity():
    source = (
        "<b>a</b><strong>b</strong><i>c</i><em>d</em><u>e</u><ins>f</ins><s>g</s><strike>h</strike><del>i</del>"
        '<span class="tg-spoiler">j</span><tg-spoiler>k</tg-spoiler><code>l</code><pre>m</pre>'
        '<pre><code class="language-py">n</code></pre><blockquote>o</blockquote>'
        '<blockquote expandable>p</blockquote><a href="tg://user?id=7">q</a><a href="nowhere">r</a><b></b>&eacute;'
    )
    text, entities = parse(source)
    assert text == "abcdefghijklmnopqr&eacute;"
    assert "".join(cut(text, one) for one in entities) == "abcdefghijklmnopq"
    assert [one["type"] for one in entities[9:]] == [
        *("spoiler", "spoiler", "code", "pre", "pre", "blockquote", "expandable_blockquote", "text_mention")
    ]


async def test_texts_that_are_refused(bot, lou):
    with pytest.raises(telegram.error.BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(lou.id, "<x>", parse_mode="HTML")
    with pytest.raises(telegram.error.BadRequest, match="Message is too long"):
        await bot.send_message(lou.id, "😀" * 2049)
    with pytest.raises(telegram.error.BadRequest, match="Message text is empty"):
        await bot.send_message(lou.id, " \n ")
    assert lou.messages == []
    await bot.send_message(lou.id, f"<b>{'😀' * 2048}</b>", parse_mode="HTML")
    assert len(lou.messages) == 1


async def test_nobody_is_written_to_before_they_wrote(api, bot):
    stranger = api.user(1003)
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await bot.send_message(stranger.id, "coucou")
    stranger.writes("bonjour")
    await bot.send_message(stranger.id, "coucou")
    assert [one.text for one in stranger.messages] == ["coucou"]


async def test_keyboards_that_are_refused(bot, lou):
    def markup(*rows):
        return telegram.InlineKeyboardMarkup(rows)

    fits = telegram.InlineKeyboardButton("é", callback_data="é" * 32)
    long = telegram.InlineKeyboardButton("é", callback_data="é" * 32 + "x")
    idle = telegram.InlineKeyboardButton("é", api_kwargs={})
    home = telegram.InlineKeyboardButton("é", url="http://localhost/x")
    await bot.send_message(lou.id, "x", reply_markup=markup([fits] * 8))
    for keyboard, words in (
        (markup([long]), "Button_data_invalid"),
        (markup([fits] * 9), "Reply markup is too long"),
        (markup(*[[fits] * 8] * 13), "Reply markup is too long"),
        (markup([idle]), "text buttons are unallowed"),
        (markup([home]), "wrong http url"),
    ):
        with pytest.raises(telegram.error.BadRequest, match=words):
            await bot.send_message(lou.id, "x", reply_markup=keyboard)
    assert len(lou.messages) == 1


async def test_a_message_is_edited_and_taken_away(bot, lou):
    message = await bot.send_message(lou.id, "avant", reply_markup=PRESS)
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await message.edit_text("avant", reply_markup=PRESS)
    edited = await message.edit_text("<b>après</b>", parse_mode="HTML", reply_markup=PRESS)
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    assert lou.messages[0].labels == ["Oui", "Non"]
    await message.edit_reply_markup(None)
    assert (lou.messages[0].text, lou.messages[0].labels, lou.messages[0].edits) == ("après", [], 2)
    assert lou.messages[0].entities == [{"type": "bold", "offset": 0, "length": 5}]
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await message.edit_reply_markup(None)
    assert await message.delete()
    assert lou.messages[0].deleted
    assert lou.shown == []
    with pytest.raises(telegram.error.BadRequest, match="Message to delete not found"):
        await message.delete()
    with pytest.raises(telegram.error.BadRequest, match="Message to edit not found"):
        await message.edit_text("trop tard")


async def test_what_somebody_wrote_is_not_edited_but_taken_away(api, bot):
    lou = api.user(1001)
    number = api.updates.all[lou.writes("bonjour")]["message"]["message_id"]
    with pytest.raises(telegram.error.BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", lou.id, number)
    assert await bot.delete_message(lou.id, number)


async def test_old_messages_stay():
    clock = Clock()
    async with TelegramApi(clock=clock) as api, library(api) as bot:
        api.user(1001).writes("bonjour")
        message = await bot.send_message(1001, "x")
        assert message.date == clock.now
        clock.move(hours=49)
        with pytest.raises(telegram.error.BadRequest, match="Message can't be deleted"):
            await message.delete()


async def test_a_reply_names_what_it_answers(api, bot, lou):
    number = next(iter(lou.chat.received))
    reply = telegram.ReplyParameters(number)
    message = await bot.send_message(lou.id, "oui ?", reply_parameters=reply, disable_notification=True)
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "bonjour"
    assert lou.messages[0].silent
    with pytest.raises(telegram.error.BadRequest, match="to be replied not found"):
        await bot.send_message(lou.id, "oui ?", reply_parameters=telegram.ReplyParameters(999))
    assert [one.text for one in api.deliveries] == ["oui ?"]


# ---------------------------------------------------------------- presses


async def test_a_press_is_answered_once(bot, lou):
    await bot.send_message(lou.id, "Alors ?", reply_markup=PRESS)
    message = await lou.sees("Alors")
    press = lou.presses(message, "Non")
    update = (await bot.get_updates())[-1]
    assert update.update_id == press
    assert update.callback_query is not None
    assert update.callback_query.data == "n"
    assert update.callback_query.message is not None
    assert update.callback_query.message.message_id == message.id
    assert lou.answer_to(press) is None
    await update.callback_query.answer("Noté")
    assert lou.answer_to(press) == {"text": "Noté"}
    with pytest.raises(telegram.error.BadRequest, match="Query is too old"):
        await update.callback_query.answer()
    with pytest.raises(telegram.error.BadRequest, match="Query is too old"):
        await bot.answer_callback_query("31415")


async def test_an_old_press_is_not_answered():
    clock = Clock()
    async with TelegramApi(clock=clock, query_life=timedelta(seconds=10)) as api, library(api) as bot:
        lou = api.user(1001)
        lou.writes("bonjour")
        await bot.send_message(lou.id, "Alors ?", reply_markup=PRESS)
        lou.presses(lou.messages[0])
        lou.presses(lou.messages[0], 1)
        first, second = [one.callback_query for one in await bot.get_updates() if one.callback_query]
        assert (first.data, second.data) == ("o", "n")
        assert await first.answer()
        clock.move(seconds=11)
        with pytest.raises(telegram.error.BadRequest, match="Query is too old"):
            await second.answer()


async def test_a_button_may_be_pressed_after_it_went(bot, lou):
    message = await bot.send_message(lou.id, "Alors ?", reply_markup=PRESS)
    await message.edit_reply_markup(None)
    with pytest.raises(AssertionError, match="0 buttons"):
        lou.presses(lou.messages[0], "Oui")
    lou.presses_data(lou.messages[0], "o")
    await message.delete()
    lou.presses_data(lou.messages[0], "n")
    first, second = [one.callback_query for one in await bot.get_updates()]
    assert (first.data, second.data) == ("o", "n")
    assert first.message.is_accessible
    assert not second.message.is_accessible


# ---------------------------------------------------------------- files


async def test_a_photo_and_a_document_reach_the_person(bot, lou):
    image = picture()
    message = await bot.send_photo(
        lou.id, image, caption="<b>Voilà</b>", parse_mode="HTML", reply_markup=PRESS
    )
    assert (message.photo[-1].width, message.photo[-1].height) == (40, 30)
    assert (lou.messages[0].photo, lou.messages[0].text) == (image, "Voilà")
    again = await bot.send_photo(lou.id, message.photo[-1].file_id)
    assert again.photo[-1].file_id == message.photo[-1].file_id
    assert lou.messages[1].photo == image
    sheet = await bot.send_document(lou.id, b"%PDF-1.7", filename="fiche.pdf")
    assert sheet.document is not None
    assert (sheet.document.file_name, sheet.document.mime_type) == ("fiche.pdf", "application/pdf")
    assert lou.messages[2].document == b"%PDF-1.7"
    assert lou.messages[2].photo is None
    await message.edit_caption("Autre", reply_markup=PRESS)
    assert (lou.messages[0].text, lou.messages[0].labels) == ("Autre", ["Oui", "Non"])
    with pytest.raises(telegram.error.BadRequest, match="no text in the message to edit"):
        await message.edit_text("x")


async def test_photos_that_are_refused(bot, lou):
    for content, words in (
        (b"not a picture", "Image_process_failed"),
        (b"", "File must be non-empty"),
        (picture(2100, 100), "Photo_invalid_dimensions"),
        ("AgACunknown", "Wrong file identifier"),
    ):
        with pytest.raises(telegram.error.BadRequest, match=words):
            await bot.send_photo(lou.id, content)
    with pytest.raises(telegram.error.BadRequest, match="Message caption is too long"):
        await bot.send_photo(lou.id, picture(), caption="x" * 1025)
    assert lou.messages == []


async def test_a_file_of_a_person_is_downloaded(api, bot):
    lou, image = api.user(1001), picture(200, 100)
    lou.sends_photo(image, "Mon dessin")
    lou.sends_document(b"a;b", "notes.csv", "text/csv")
    photo, document = [one.effective_message for one in await bot.get_updates()]
    assert photo.caption == "Mon dessin"
    assert [(one.width, one.height) for one in photo.photo] == [(90, 45), (200, 100)]
    assert await (await photo.photo[-1].get_file()).download_as_bytearray() == image
    assert await (await bot.get_file(document.document.file_id)).download_as_bytearray() == b"a;b"
    with pytest.raises(telegram.error.BadRequest, match="Wrong file_id"):
        await bot.get_file("nothing")
    api.faults.add(Fault("download", tear=Tear.ANSWER_BODY))
    file = await bot.get_file(document.document.file_id)
    with pytest.raises(telegram.error.NetworkError):
        await file.download_as_bytearray()


# ---------------------------------------------------------------- people


async def test_every_kind_of_message_is_read_by_the_library(api, bot):
    lou, group, other_bot = api.user(1001), api.group(-500, "La classe"), api.user(77, is_bot=True)
    first = lou.writes("/start abc_1")
    lou.sends_sticker()
    lou.sends_voice()
    lou.sends_location()
    lou.sends_contact()
    lou.sends_poll()
    lou.forwards("copié")
    lou.edits(first, "corrigé")
    group.writes(lou, "en groupe")
    other_bot.writes("bip")
    updates = await bot.get_updates()
    assert filters.COMMAND.check_update(updates[0])
    kinds = [
        filters.Sticker.ALL,
        filters.VOICE,
        filters.LOCATION,
        filters.CONTACT,
        filters.POLL,
        filters.FORWARDED,
    ]
    assert [bool(kind.check_update(one)) for kind, one in zip(kinds, updates[1:7], strict=True)] == [True] * 6
    assert updates[7].edited_message is not None
    assert updates[7].edited_message.text == "corrigé"
    assert updates[7].edited_message.message_id == updates[0].effective_message.message_id
    assert updates[8].effective_chat.type == "group"
    assert updates[9].effective_user.is_bot
    assert updates[0].effective_user.language_code == "fr"


async def test_somebody_blocks_and_comes_back(api, lou):
    changes = []

    async def note(update, _context):
        changes.append(
            (update.my_chat_member.old_chat_member.status, update.my_chat_member.new_chat_member.status)
        )

    async with polling(api, ChatMemberHandler(note, ChatMemberHandler.MY_CHAT_MEMBER)) as app:
        lou.blocks()
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await app.bot.send_message(lou.id, "x")
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await app.bot.send_chat_action(lou.id, "typing")
        with pytest.raises(AssertionError, match="block"):
            lou.writes("x")
        lou.unblocks()
        await app.bot.send_message(lou.id, "te revoilà")
        await app.bot.send_chat_action(lou.id, "typing")
        await api.idle()
    assert changes == [("member", "kicked"), ("kicked", "member")]
    assert [one.text for one in lou.messages] == ["te revoilà"]
    assert lou.chat.actions == ["typing"]


async def test_chats_that_went_away(api, bot, lou):
    lou.deactivates()
    with pytest.raises(telegram.error.Forbidden, match="user is deactivated"):
        await bot.send_message(lou.id, "x")
    group = api.group(-500)
    moved = group.upgrades(-1_000_000_000_500)
    with pytest.raises(telegram.error.ChatMigrated) as told:
        await bot.send_message(group.id, "x")
    assert told.value.new_chat_id == moved.id
    await bot.send_message(moved.id, "x")
    assert [one.text for one in moved.messages] == ["x"]
    moved.chat.removed = True
    with pytest.raises(telegram.error.Forbidden, match="kicked from the supergroup chat"):
        await bot.send_message(moved.id, "x")


async def test_waiting_for_words(api, bot, lou):
    message = await bot.send_message(lou.id, "un")
    assert (await lou.sees_new("un")).id == message.message_id
    with pytest.raises(AssertionError, match="nothing new says 'un'"):
        await lou.sees_new("un", timeout=0)
    later = asyncio.create_task(lou.sees_new("deux"))
    await message.edit_text("deux")
    assert (await later).edits == 1
    await bot.send_message(lou.id, "trois")
    lou.looks()
    with pytest.raises(AssertionError, match="nothing new"):
        await lou.sees_new(timeout=0)
    assert (await lou.sees("deux", timeout=0)).id == message.message_id
    api.push({"message": {}})
    with pytest.raises(AssertionError, match="not confirmed"):
        await api.idle(timeout=0)
    api.updates.waiting.clear()


# ---------------------------------------------------------------- the bot itself


async def test_the_bot_presents_itself(api, bot, lou):
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (42, True, "boussole_test_bot")
    await bot.set_my_description("Bonjour", language_code="fr")
    await bot.set_my_short_description("Court")
    assert (await bot.get_my_description("fr")).description == "Bonjour"
    assert (await bot.get_my_description("nl")).description == ""
    assert (await bot.get_my_short_description("fr")).short_description == "Court"
    await bot.set_chat_menu_button(lou.id, telegram.MenuButtonCommands())
    assert (await bot.get_chat_menu_button(lou.id)).type == "commands"
    assert (await bot.get_chat_menu_button()).type == "default"
    chat = await bot.get_chat(lou.id)
    assert (chat.type, chat.first_name) == ("private", "Lou")
    assert api.words == {("description", "fr"): "Bonjour", ("short_description", ""): "Court"}


async def test_commands_have_a_scope_and_a_language(bot, lou):
    def names(commands):
        return [one["command"] for one in commands]

    await bot.set_my_commands([("help", "Help")])
    assert names(lou.commands) == ["help"]
    await bot.set_my_commands([("aide", "Aide")], telegram.BotCommandScopeAllPrivateChats(), "fr")
    assert names(lou.commands) == ["aide"]
    await bot.set_my_commands([("stop", "Arrêter")], telegram.BotCommandScopeChat(lou.id))
    assert names(lou.commands) == ["stop"]
    await bot.delete_my_commands(telegram.BotCommandScopeChat(lou.id))
    assert names(lou.commands) == ["aide"]
    assert [one.command for one in await bot.get_my_commands()] == ["help"]
    with pytest.raises(telegram.error.BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Aide", "Aide")])


async def test_another_token_and_an_unknown_method(api, bot):
    async with library(api, token="43:OTHER") as other:
        with pytest.raises(telegram.error.InvalidToken):
            await other.get_me()
    async with httpx.AsyncClient() as client:
        unknown = await client.post(f"{api.url}/bot{api.token}/makeCoffee")
        file = await client.get(f"{api.url}/file/bot43:OTHER/photos/file_1.jpg")
    assert (unknown.status_code, unknown.json()["description"]) == (404, "Not Found: method not found")
    assert (await bot.get_me()).id == 42
    assert file.status_code == 404
    api.requests[:] = api.asked("getMe")


async def test_requests_may_be_json_a_query_or_broken(api, lou):
    base = f"{api.url}/bot{api.token}"
    async with httpx.AsyncClient() as client:
        sent = await client.post(f"{base}/sendMessage", json={"chat_id": lou.id, "text": "json"})
        asked = await client.get(f"{base}/sendmessage", params={"chat_id": lou.id, "text": "1"})
        wrong = await client.post(
            f"{base}/sendMessage", data={"chat_id": lou.id, "text": "x", "reply_markup": "{"}
        )
    assert [one.text for one in lou.messages] == ["json", "1"]
    assert sent.json()["result"]["message_id"] == lou.messages[0].id
    assert asked.json()["ok"] is True
    assert wrong.json()["description"] == "Bad Request: can't parse reply markup JSON object"
    api.requests.pop()


# ---------------------------------------------------------------- faults


async def test_refusals_reach_the_library_as_its_errors(api, bot, lou):
    api.faults.add(too_many("sendMessage", 7))
    with pytest.raises(telegram.error.RetryAfter) as told:
        await bot.send_message(lou.id, "x")
    assert told.value.retry_after == timedelta(seconds=7)
    api.faults.add(Fault("sendMessage", status=502))
    with pytest.raises(telegram.error.NetworkError, match="Bad Gateway"):
        await bot.send_message(lou.id, "x")
    api.faults.add(refusal("*", 403, "Forbidden: bot was blocked by the user", times=2))
    for _ in range(2):
        with pytest.raises(telegram.error.Forbidden):
            await bot.send_message(lou.id, "x")
    api.faults.add(Fault("sendMessage", status=429))
    with pytest.raises(telegram.error.RetryAfter):
        await bot.send_message(lou.id, "x")
    assert lou.messages == []
    api.faults.add(
        Fault("sendMessage", status=500, applied=True, when=lambda request: request["text"] == "y")
    )
    await bot.send_message(lou.id, "x")
    with pytest.raises(telegram.error.NetworkError):
        await bot.send_message(lou.id, "y")
    assert [one.text for one in api.deliveries] == ["x", "y"]


@pytest.mark.parametrize("applied", [False, True])
async def test_a_server_that_hangs(api, lou, applied):
    async with library(api, patience=0.2) as bot:
        api.faults.add(Fault("sendMessage", hang=60, applied=applied))
        with pytest.raises(telegram.error.TimedOut):
            await bot.send_message(lou.id, "x")
        assert len(lou.messages) == applied
        api.faults.add(Fault("sendMessage", hang=0.01, applied=applied))
        if applied:
            await bot.send_message(lou.id, "y")
        else:
            with pytest.raises(telegram.error.NetworkError):
                await bot.send_message(lou.id, "y")
    assert [one.text for one in api.deliveries] == ["x", "y"] * applied


@pytest.mark.parametrize("kept", [False, True], ids=["new", "kept"])
@pytest.mark.parametrize("method", ["sendMessage", "*"])
@pytest.mark.parametrize("tear", list(Tear))
async def test_each_tear_is_a_network_error_and_tells_the_truth_about_the_effect(
    api, bot, lou, tear, method, kept
):
    if kept:
        await bot.get_me()
    fault = Fault(method, tear=tear)
    api.faults.add(fault)
    with pytest.raises(telegram.error.NetworkError) as told:
        await bot.send_message(lou.id, "x")
    assert type(told.value) is telegram.error.NetworkError
    assert [one.text for one in api.deliveries] == ["x"] * tear.applied
    assert fault.times == 0
    assert api.requests[-1].fault is fault
    await bot.send_message(lou.id, "y")
    assert [one.text for one in lou.messages] == ["x"] * tear.applied + ["y"]


@pytest.mark.parametrize("tear", [Tear.ACCEPT, Tear.HEADERS, Tear.BODY, Tear.APPLIED])
async def test_a_photo_is_torn_on_its_way(api, bot, lou, tear):
    api.faults.add(Fault("sendPhoto", tear=tear))
    with pytest.raises(telegram.error.NetworkError):
        await bot.send_photo(lou.id, picture(1500, 1500))
    assert len(lou.messages) == tear.applied


@pytest.mark.parametrize(
    ("tear", "method", "sent"),
    [
        (Tear.ACCEPT, "*", 0.0),
        (Tear.ACCEPT, "sendMessage", 0.25),
        (Tear.HEADERS, "sendMessage", 0.5),
        (Tear.BODY, "sendMessage", 0.75),
        (Tear.RECEIVED, "sendMessage", 1.0),
        (Tear.APPLIED, "sendMessage", 1.0),
    ],
)
async def test_a_torn_request_is_reset_no_later_than_its_point(api, lou, tear, method, sent):
    """`sent` is how much of the request was sent: half of it is headers."""
    body = b'{"chat_id": 1001, "text": "x"}'
    start = f"POST /bot{api.token}/sendMessage HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n".encode()
    head = start + f"Content-Length: {len(body)}\r\n\r\n".encode()
    api.faults.add(Fault(method, tear=tear))
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(head[: int(len(head) * min(1, 2 * sent))] + body[: int(len(body) * max(0, 2 * sent - 1))])
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert len(lou.messages) == tear.applied


@pytest.mark.parametrize(
    ("tear", "whole"),
    [
        (Tear.STATUS, rb"HTTP/1.1 200 OK\r\n"),
        (Tear.ANSWER_HEADERS, rb"HTTP/1.1 200 OK\r\n(?:[A-Z][\w-]+: [^\r\n]+\r\n)+\r\n"),
        (Tear.ANSWER_BODY, rb'HTTP/1.1 200 OK\r\n(?:[A-Z][\w-]+: [^\r\n]+\r\n)+\r\n\{"ok": true, [^}]+'),
    ],
)
async def test_a_torn_answer_goes_out_to_its_point(api, lou, tear, whole):
    api.faults.add(Fault("sendMessage", tear=tear))
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(
        f"GET /bot{api.token}/sendMessage?chat_id=1001&text=x HTTP/1.1\r\nHost: api\r\n\r\n".encode()
    )
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert re.fullmatch(whole, answer)
    assert len(lou.messages) == 1


async def test_a_torn_answer_of_a_poll_loses_nothing(api, bot):
    number = api.user(1001).writes("bonjour")
    api.faults.add(Fault("getUpdates", tear=Tear.ANSWER_BODY))
    with pytest.raises(telegram.error.NetworkError):
        await bot.get_updates()
    assert [one.update_id for one in await bot.get_updates()] == [number]


async def test_a_tear_waits_for_its_method(api, bot, lou):
    fault = Fault("sendPhoto", tear=Tear.ACCEPT)
    api.faults.add(fault)
    await bot.send_message(lou.id, "x")
    assert fault.times == 1
    api.faults.clear()
    await bot.send_photo(lou.id, picture())


async def test_a_server_that_goes_away_and_comes_back(api, bot, lou):
    await bot.send_message(lou.id, "x")
    await api.stop()
    with pytest.raises(telegram.error.NetworkError):
        await bot.send_message(lou.id, "y")
    await api.start()
    await bot.send_message(lou.id, "z")
    assert [one.text for one in lou.messages] == ["x", "z"]


async def test_sending_too_fast_is_refused():
    clock = Clock()
    async with TelegramApi(clock=clock, rate_limited=True) as api, library(api) as bot:
        people = [api.user(number) for number in range(1, 41)]
        for one in people:
            one.writes("bonjour")
        for _ in range(3):
            await bot.send_message(1, "x")
        with pytest.raises(telegram.error.RetryAfter) as told:
            await bot.send_message(1, "x")
        assert told.value.retry_after == timedelta(seconds=1)
        for one in people[1:28]:
            await bot.send_message(one.id, "x")
        with pytest.raises(telegram.error.RetryAfter):
            await bot.send_message(40, "x")
        clock.move(seconds=1)
        await bot.send_message(1, "x")
        await bot.send_message(40, "x")
        with pytest.raises(telegram.error.RetryAfter):
            await bot.send_message(1, "x")
        assert len(api.deliveries) == 32
        assert api.requests[-1].answer == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }


async def until(true: Any) -> None:
    """Until something is so."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # what is waited for tells nobody
            await asyncio.sleep(0.005)


def test_the_server_on_a_thread_of_its_own():
    with running() as api:
        api.user(1001).writes("bonjour")
        base = f"{api.url}/bot{api.token}"
        fetched = httpx.get(f"{base}/getUpdates").json()["result"]
        assert [one["message"]["text"] for one in fetched] == ["bonjour"]
        httpx.post(f"{base}/sendMessage", json={"chat_id": 1001, "text": "salut"})
        assert [one.text for one in api.user(1001).messages] == ["salut"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base}/getMe")


# ---------------------------------------------------------------- the contract


@pytest.mark.shared
@pytest.mark.skipif(not contract.SPECS.exists(), reason=contract.ABSENT)
def test_the_contract_finds_what_does_not_fit():
    now = Clock().now
    chat = {"id": 1, "type": "private"}
    right = {"message_id": 1, "date": 1, "chat": chat}
    good = {
        "chat_id": 1,
        "text": "x",
        "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
    }
    assert (
        contract.deviations([Request("sendMessage", now, good, answer={"ok": True, "result": right})]) == []
    )
    cases = [
        (Request("makeCoffee", now, {"x": 1}, status=404), "makeCoffee: no such method"),
        (Request("sendMessage", now, {**good, "colour": "red"}), "sendMessage.colour is unknown"),
        (Request("sendMessage", now, {"chat_id": 1}), "sendMessage.text is missing"),
        (
            Request("sendMessage", now, {**good, "protect_content": "yes"}),
            "sendMessage.protect_content is no Boolean",
        ),
        (
            Request("sendMessage", now, {**good, "message_thread_id": True}),
            "sendMessage.message_thread_id is no Integer",
        ),
        (
            Request("getFile", now, {"file_id": "x"}, answer={"ok": True, "result": {"file_id": "x"}}),
            "getFile gives.file_unique_id is missing",
        ),
        (
            Request("getMe", now, {}, status=200, answer={"ok": True, "result": [], "more": 1}),
            "getMe: answer holds more",
        ),
        (
            Request(
                "getMe", now, {}, status=400, answer={"ok": False, "error_code": "400", "description": "x"}
            ),
            "getMe: refusal without error_code",
        ),
    ]
    for request, words in cases:
        assert words in contract.deviations([request])
