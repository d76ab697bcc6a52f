"""The conversation in a terminal: numbers or words, « /quitter » to leave."""

from pathlib import Path

from bot import bootstrap
from bot.cli import demonstration
from bot.cli.say import say
from bot.settings import Settings, load


def run() -> None:
    """Talk until « /quitter » or the end of the input."""
    from bot.channels import terminal  # noqa: PLC0415 -- rich, only here

    settings = _settings()
    services = bootstrap.build(settings, migrate=settings.database_url.startswith("sqlite"))
    say(
        f"{'Centre d’exemple. ' if settings.demo else ''}Écrivez un mot ou le numéro d’un bouton ; « /quitter » pour sortir."
    )
    try:
        terminal.talk(services)
    finally:
        bootstrap.close(services)
        say()


def _settings() -> Settings:
    """Those of the house once it has a database; until then those of the demonstration, once that was started."""
    real = load()
    file = real.database_url.removeprefix("sqlite:///")
    missing = file != real.database_url and not Path(file).exists()
    return demonstration.settings() if missing and demonstration.folder().exists() else real
