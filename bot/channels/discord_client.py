"""The library's client for Discord as we use it: two intents, no pings, events handed to one listener, French commands."""

import sys
from collections.abc import Iterator
from typing import Any, Protocol

import yarl

from bot.application.services import Services
from bot.channels.discord_lib import app_commands, discord
from bot.channels.discord_watch import Watch
from bot.logs import get_logger

PATIENCE = 60.0  # seconds that the library may wait for its turn with anything but a message
COMMANDS = (  # shown by the app in this order; those with a code come last
    ("menu", "Tout ce qu’on peut faire ensemble"),
    ("pause", "Faire une pause"),
    ("aide", "SOS : des numéros d’aide, tout de suite"),
    ("donnees", "Voir ou effacer mes données"),
    ("delier", "Ne plus être relié ou reliée ici"),
    ("stop", "Ne plus recevoir de rappels"),
)
WITH_CODE = (
    ("boussole", "Commencer, ou reprendre là où on en était"),
    ("relier", "Continuer sur une autre appli, ou entrer le code d’une autre appli"),
)
WITH_WORDS = (  # for the team; for anybody else they are words like others
    ("agenda", "Les rendez-vous du centre"),
    ("equipe", "Pour les adultes du centre"),
)
TEXT = "Pour l’équipe : ajouter, déplacer, annuler… « aide » dit tout"
CODE = "Le code que tu as reçu, si tu en as un"
log = get_logger(__name__)


class Listener(Protocol):
    """Who is told of what happens. `acted` must answer within three seconds."""

    async def wrote(self, message: discord.Message) -> None: ...

    async def changed(self, event: discord.RawMessageUpdateEvent) -> None: ...

    async def acted(self, interaction: discord.Interaction) -> None: ...

    def on_line(self, *, connected: bool, anew: bool = False) -> None:
        """The gateway came or went; `anew`: what happened before may have been missed."""
        ...

    async def ready(self) -> None: ...


class Client(discord.Client):
    """Everything it needs to know of people comes with what they send: nothing is cached."""

    def __init__(self, listener: Listener, watch: Watch) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            guild_ready_timeout=0,
            http_trace=watch.trace(),
            # Not less: the library refuses whatever goes to a bucket that is longer than this, full or not.
            max_ratelimit_timeout=PATIENCE,
        )
        self._listener = listener
        self.tree = Tree(self)
        for command in _commands(listener):
            self.tree.add_command(command)

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote."""
        await self._listener.wrote(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message is no longer what it was."""
        await self._listener.changed(event)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A part of a message was touched, or a form sent; commands come through the tree."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            await self._listener.acted(interaction)

    async def on_connect(self) -> None:
        """A new session, the first or one after another could not be resumed."""
        self._listener.on_line(connected=True, anew=True)

    async def on_resumed(self) -> None:
        """The old session goes on, with everything in between."""
        self._listener.on_line(connected=True)

    async def on_disconnect(self) -> None:
        """The library is already trying again."""
        self._listener.on_line(connected=False)

    async def on_ready(self) -> None:
        """The new session is complete."""
        await self._listener.ready()

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """One line, without what the event held."""
        log.warning("event_failed", channel="discord", event_name=event_method, why=_current())


class Tree(app_commands.CommandTree[Client]):
    """The commands; one that Discord still shows and that is gone is answered too."""

    async def on_error(
        self, interaction: discord.Interaction[Client], error: app_commands.AppCommandError, /
    ) -> None:
        """An unknown command counts as an arrival."""
        log.warning("command_failed", channel="discord", why=type(error).__name__)
        if isinstance(error, app_commands.CommandNotFound):
            await self.client._listener.acted(interaction)  # noqa: SLF001 -- its own client


def point(services: Services) -> None:
    """Let the library talk to the servers of the settings."""
    settings = services.settings
    discord.http.Route.BASE = settings.discord_api_url
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


def _commands(listener: Listener) -> Iterator["app_commands.Command[Any, ..., Any]"]:
    places = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)

    async def plain(interaction: discord.Interaction) -> None:
        await listener.acted(interaction)

    @app_commands.describe(code=CODE)
    async def coded(interaction: discord.Interaction, code: str = "") -> None:
        _ = code  # read from the interaction, like all the rest
        await listener.acted(interaction)

    @app_commands.describe(texte=TEXT)
    async def worded(interaction: discord.Interaction, texte: str = "") -> None:
        _ = texte
        await listener.acted(interaction)

    for name, text in WITH_WORDS:
        yield app_commands.Command(name=name, description=text, callback=worded, allowed_contexts=places)
    for name, text in WITH_CODE:
        yield app_commands.Command(name=name, description=text, callback=coded, allowed_contexts=places)
    for name, text in COMMANDS:
        yield app_commands.Command(name=name, description=text, callback=plain, allowed_contexts=places)


def _current() -> str:
    error = sys.exc_info()[1]
    return type(error).__name__ if error else ""
