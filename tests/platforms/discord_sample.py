"""A small bot on the real library, for the stand-in's own tests: it repeats what it reads, and has a menu."""

from typing import Any

from tests.platforms.discord_client import app_commands, discord
from tests.platforms.discord_users import User

INTENTS = discord.Intents(guilds=True, dm_messages=True, guild_messages=True)


class Question(discord.ui.Modal, title="Une question"):
    answer = discord.ui.TextInput[Any](label="Ta réponse", custom_id="answer", max_length=100)
    place = discord.ui.Label[Any](
        text="Où ?",
        component=discord.ui.Select(
            custom_id="place",
            options=[discord.SelectOption(label="Ici"), discord.SelectOption(label="Là-bas", value="there")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.place.component, discord.ui.Select)
        await interaction.response.send_message(f"{self.answer.value}, {self.place.component.values[0]}")


class Menu(discord.ui.View):
    """Persistent: it works on messages of an earlier run too."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Commencer", custom_id="start")
    async def start(self, interaction: discord.Interaction, _button: object) -> None:
        await interaction.response.edit_message(content="C’est parti")

    @discord.ui.button(label="Écrire", custom_id="write")
    async def write(self, interaction: discord.Interaction, _button: object) -> None:
        await interaction.response.send_modal(Question())

    @discord.ui.select(
        custom_id="colour",
        options=[
            discord.SelectOption(label="Bleu", value="b"),
            discord.SelectOption(label="Vert", value="v"),
        ],
    )
    async def colour(self, interaction: discord.Interaction, select: discord.ui.Select[Any]) -> None:
        await interaction.response.send_message(f"choisi : {select.values[0]}", ephemeral=True)


class Bot(discord.Client):
    """With a persistent menu, and two commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(intents=options.pop("intents", INTENTS), guild_ready_timeout=0, **options)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.tree.command(name="boussole", description="Le menu")(menu)
        self.tree.command(name="lent", description="Répond plus tard")(slow)

    async def setup_hook(self) -> None:
        self.add_view(Menu())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library waits five seconds before it identifies itself again: not here."""

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message)
            await message.channel.send(f"lu : {message.content}")

    async def dm(self, user: User) -> discord.DMChannel:
        return await (await self.fetch_user(user.id)).create_dm()


async def menu(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Le menu", view=Menu(), ephemeral=interaction.guild is not None)


async def slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.followup.send("un", ephemeral=True)
    await interaction.followup.send("deux", ephemeral=True)
    await interaction.edit_original_response(content="un et demi")
