"""Typer in French: its own words replaced in the help and in what it says of a command that it did not understand."""

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer
from typer._click.exceptions import (
    MissingParameter,
    NoArgsIsHelpError,
    UsageError,
)  # typer gives its errors no public name
from typer.core import TyperCommand, TyperGroup

Run = TypeVar("Run", bound=Callable[..., Any])

_WORDS = (
    (r"^Usage:", "Emploi :"),
    (r"^Options:", "Options :"),
    (r"^Arguments:", "Ce qu’on donne :"),
    (r"^Commands:", "Commandes :"),
    (r"\[OPTIONS\] COMMAND \[ARGS\]\.\.\.", "[OPTIONS] COMMANDE …"),
    (r"Show this message and exit\.", "Montrer cette aide."),
    (r"\[required\]", "[obligatoire]"),
    (r"\[default: ([^\]]*)\]", r"[d’office : \1]"),
    (r" <int>", " <nb> "),  # as wide, so that columns hold
    (r" <str>| <list\[str\]>", ""),
)


def translated(text: str) -> str:
    """Typer's help with its words in French."""
    for english, french in _WORDS:
        text = re.sub(english, french, text, flags=re.MULTILINE)
    return text


class Command(TyperCommand):
    """A command whose help is in French."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]  # typer's context, by its public name
        """The help of the command."""
        return translated(super().get_help(ctx))


class Group(TyperGroup):
    """A group of commands that says in French what is wrong with a command line."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]  # typer's context, by its public name
        """The help of the group."""
        return translated(super().get_help(ctx))

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        """Run; exit status 2 when the command line itself is wrong."""
        try:
            status = super().main(args, *more, **{**named, "standalone_mode": False})
        except UsageError as error:
            sys.stderr.write(_sentence(error))
            raise SystemExit(2) from None
        except typer.Abort:
            raise SystemExit(130) from None
        raise SystemExit(status if isinstance(status, int) else 0)


class Typer(typer.Typer):
    """A Typer whose commands have their help in French."""

    def __init__(self, **named: Any) -> None:
        super().__init__(cls=Group, no_args_is_help=True, **named)

    def command(self, name: str | None = None, **named: Any) -> Callable[[Run], Run]:
        """Register a command."""
        return super().command(name, **{"cls": Command, **named})


def _sentence(error: UsageError) -> str:
    """What was not understood, how the command is written, and where the help is."""
    context = error.ctx
    if context is None:
        return "Je n’ai pas compris cette commande.\n"
    if isinstance(error, NoArgsIsHelpError):
        return context.get_help() + "\n"
    usage = translated(context.get_usage())
    return f"{_wrong(error)}\n{usage}\nAide : {context.command_path} --help\n"


def _wrong(error: UsageError) -> str:
    named = re.search(r"'([^']+)'", error.format_message()) or re.search(r": (\S+)$", error.format_message())
    what = f" : « {named[1]} »" if named else ""
    if isinstance(error, MissingParameter):
        return f"Il manque quelque chose{what}."
    return f"Je n’ai pas compris cette commande{what}."
