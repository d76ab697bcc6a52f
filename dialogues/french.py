"""A command line that speaks French: argparse with its own words replaced."""

import argparse
import sys
from typing import Any, NoReturn


class _Wide(argparse.RawDescriptionHelpFormatter):
    """Help on lines that are wide enough for French."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)


class Parser(argparse.ArgumentParser):
    """argparse in French."""

    def __init__(self, *, prog: str, description: str = "", **more: Any) -> None:
        # Newer versions of Python hand on more (colours) to the parsers of commands.
        super().__init__(prog=prog, description=description, formatter_class=_Wide, add_help=False, **more)
        self._positionals.title = "ce qu'on donne"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "emploi :", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "emploi :", 1)

    def error(self, message: str) -> NoReturn:
        del message  # argparse says it in English
        sys.stderr.write(
            f"Je n'ai pas compris cette commande.\n{self.format_usage()}Aide : {self.prog} --help\n"
        )
        raise SystemExit(2)
