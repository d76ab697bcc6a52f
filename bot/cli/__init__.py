"""The command line: `boussole`. Heavy parts are imported by the command that needs them."""

from bot.cli.main import main

__all__ = ["main"]
