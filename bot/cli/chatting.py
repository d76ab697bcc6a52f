"""The conversation in a terminal, on the real settings: numbers or words, « /quitter » to leave."""

from bot import bootstrap
from bot.cli.say import say
from bot.settings import load


def run() -> None:
    """Talk until « /quitter » or the end of the input."""
    from bot.channels import terminal  # noqa: PLC0415 -- rich, only here

    settings = load()
    services = bootstrap.build(settings, migrate=settings.database_url.startswith("sqlite"))
    try:
        terminal.talk(services)
    finally:
        bootstrap.close(services)
        say()
