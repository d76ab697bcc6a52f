"""The author's tools: `python -m dialogues check | play | record | draw | walk | diff`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dialogues import diff, drawing, fixtures, library, lint, record, transcript, walk
from dialogues.french import Parser
from dialogues.lint_rules import is_error
from dialogues.model import Dialogue
from dialogues.parse import parse
from dialogues.reader import Problem

DESCRIPTION = """Les outils pour écrire les pages de dialogue.

Une PAGE est un nom (book_entry) ou un fichier (dialogues/content/fr/book_entry.md).
Le guide pour les écrire : dialogues/content/fr/guide-auteur.md"""


class Unusable(Exception):  # noqa: N818 - said to the author, in French
    """What was asked cannot be done; the message says why and what to do."""


_LINE_HELP = (
    "une ligne d'en-tête de transcription, par exemple « connu user.reading_mode = falc » ou « entrée track »"
)

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no public name
Run = Callable[[argparse.Namespace], int]


def parser() -> argparse.ArgumentParser:
    """The command line, in French."""
    top = Parser(prog="python -m dialogues", description=DESCRIPTION)
    commands = top.add_subparsers(title="commandes", metavar="COMMANDE", required=True, parser_class=Parser)
    _reading(commands)
    _playing(commands)
    return top


def _command(commands: "Commands[Parser]", name: str, run: Run, text: str) -> Parser:
    found = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    found.set_defaults(run=run)
    return found


def _reading(commands: "Commands[Parser]") -> None:
    """Commands that only look at pages."""
    check = _command(
        commands, "check", _check, "tous les problèmes d'une page, d'un dossier ou de tout le contenu"
    )
    check.add_argument("what", nargs="?", metavar="PAGE|DOSSIER", help="sans rien : toutes les pages")
    check.add_argument("--strict", action="store_true", help="un conseil compte comme une erreur")
    check.add_argument(
        "--transcriptions",
        type=Path,
        default=lint.TRANSCRIPTS,
        metavar="DOSSIER",
        help="le dossier des transcriptions",
    )
    draw = _command(commands, "draw", _draw, "dessine une page en Mermaid, ou en SVG")
    draw.add_argument("page", metavar="PAGE")
    form = draw.add_mutually_exclusive_group()
    form.add_argument("--mermaid", action="store_true", help="du texte Mermaid (d'office)")
    form.add_argument("--svg", action="store_true", help="une image SVG")
    draw.add_argument("-o", "--vers", type=Path, metavar="FICHIER", help="écrit dans ce fichier")
    compare = _command(commands, "diff", _diff, "dit ce que deux versions d'une page changent pour le jeune")
    compare.add_argument("old", type=Path, metavar="AVANT")
    compare.add_argument("new", type=Path, metavar="APRÈS")


def _playing(commands: "Commands[Parser]") -> None:
    """Commands that go through pages."""
    play = _command(commands, "play", _play, "joue une page dans le terminal")
    keep = _command(commands, "record", _record, "joue une page et garde l'histoire comme transcription")
    for each in (play, keep):
        each.add_argument("page", metavar="PAGE")
        each.add_argument("--ligne", action="append", default=[], metavar="TEXTE", help=_LINE_HELP)
    keep.add_argument("story", metavar="HISTOIRE", help="le fichier .txt à écrire, ou un nom court")
    keep.add_argument("--titre", default="", metavar="TITRE", help="le titre de l'histoire")
    roam = _command(
        commands, "walk", _walk, "essaie des milliers de chemins au hasard et vérifie que chacun finit"
    )
    roam.add_argument("page", nargs="?", metavar="PAGE", help="sans rien : toutes les pages")
    roam.add_argument("--paths", type=int, default=2000, metavar="N", help="chemins par page (2000)")
    roam.add_argument("--seed", type=int, default=1, metavar="N", help="un autre hasard (1)")


# ---------------------------------------------------------------- commands


def _check(given: argparse.Namespace) -> int:
    path = Path(given.what) if given.what else None
    if path is not None and not path.is_dir():
        path = _file(str(path))
    folder, only = (path, None) if path is None or path.is_dir() else (path.parent, path)
    transcripts = given.transcriptions if given.transcriptions.is_dir() else None
    if folder is not None and not list(folder.glob("decks/*.toml")):
        folder = None  # a page away from the decks is read with those that come with the program
    if path is not None and path.is_dir() and folder is None:
        raise Unusable(f"« {path} » n'est pas un dossier de pages : il n'a pas de dossier decks/.")
    report = lint.check_folder(folder, transcripts, only)
    _print_problems("Erreurs", [each for each in report.problems if is_error(each)])
    _print_problems("Conseils", [each for each in report.problems if not is_error(each)])
    pages = "1 page lue" if report.pages == 1 else f"{report.pages} pages lues"
    print(f"{pages} : {_count(report.errors, 'erreur')}, {_count(report.warnings, 'conseil')}.")
    return int(report.errors > 0 or (given.strict and report.warnings > 0))


def _print_problems(title: str, problems: Sequence[Problem]) -> None:
    if problems:
        print(f"{title} :")
    for each in problems:
        where = Path(each.where)
        shown = where.relative_to(Path.cwd()) if where.is_relative_to(Path.cwd()) else where
        print(f"{shown}:{each.line} {each.code} {each.message_fr}")
    if problems:
        print()


def _count(number: int, word: str) -> str:
    return (
        f"aucun{'e' if word == 'erreur' else ''} {word}"
        if number == 0
        else f"{number} {word}{'s' * (number > 1)}"
    )


def _play(given: argparse.Namespace) -> int:
    _played(given, "Essai")
    return 0


def _record(given: argparse.Namespace) -> int:
    path = Path(given.story)
    if path.suffix != ".txt":
        path = lint.TRANSCRIPTS / _library_with(given.page)[1].id / f"{given.story}.txt"
    if path.exists():
        raise Unusable(f"{path} existe déjà : choisis un autre nom, ou supprime-le d'abord.")
    story, content, page = _played(given, given.titre or given.story)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(transcript.play(story, content, page, fixtures.load()).text, encoding="utf-8")
    print(f"C'est gardé dans {path}. Relis, corrige les lignes « > », puis `make record`.")
    return 0


def _played(given: argparse.Namespace, title: str) -> tuple[transcript.Story, library.Library, str]:
    content, page = _library_with(given.page)
    story = transcript.read("\n".join([f"# {title}", *(f"# {line}" for line in given.ligne)]))
    return record.play(story, content, page.id, fixtures.load(), input, print), content, page.id


def _draw(given: argparse.Namespace) -> int:
    _, page = _library_with(given.page)
    text = drawing.svg(page) if given.svg else drawing.mermaid(page)
    if given.vers is None:
        print(text, end="")
    else:
        given.vers.write_text(text, encoding="utf-8")
        print(f"C'est dessiné dans {given.vers}.")
    return 0


def _walk(given: argparse.Namespace) -> int:
    if given.paths < 1:
        raise Unusable("Il faut au moins un chemin : --paths 1 ou plus.")
    content, only = _library_with(given.page) if given.page else (library.load(), None)
    failures = 0
    for page in [only] if only is not None else content.pages.values():
        found = walk.walk(content, page.id, fixtures.load(), given.paths, given.seed)
        never = [moment.name for moment in page.moments if not found.visited[moment.name]]
        print(f"{page.id} : {found.paths} chemins, {found.inputs} réponses, {found.longest} au plus long.")
        for text in found.failures[:20]:
            print(f"  raté : {text}")
        for hole, times in found.holes.most_common(5):
            print(f"  texte troué ({times} fois) : {hole}")
        if never:
            print(f"  jamais visités : {', '.join(never)}")
        failures += len(found.failures)
    print("Chaque chemin finit." if not failures else f"Chemins ratés : {failures}.")
    return int(failures > 0)


def _diff(given: argparse.Namespace) -> int:
    old, new = (_read(path) for path in (given.old, given.new))
    changes = diff.differences(old, new)
    print("\n".join(changes) if changes else "Rien ne change pour le jeune.")
    return 0


# ---------------------------------------------------------------- pages


def _file(name: str) -> Path:
    path = Path(name)
    if not path.exists() and not path.suffix:
        path = library.CONTENT / f"{name}.md"
    if not path.is_file():
        raise Unusable(f"Je ne trouve pas la page « {name} ».")
    return path


def _read(path: Path) -> Dialogue:
    try:
        source = _file(str(path)).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Unusable(f"{path} n'est pas en UTF-8 : enregistre le fichier en UTF-8.") from None
    page, problems = parse(source, str(path))
    if page is None:
        raise Unusable("\n".join(str(problem) for problem in problems))
    return page


def _library_with(name: str) -> tuple[library.Library, Dialogue]:
    """The shipped content, with the page of that file in it."""
    page = _read(Path(name))
    content, _ = library.read()
    return library.Library({**content.pages, page.id: page}, content.decks, content.microcopy), page


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status: 1 when something is wrong with a page, 2 when it cannot be run."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (Unusable, library.LibraryError, transcript.StoryError) as error:
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        sys.stderr.write(
            f"Je ne peux pas lire ou écrire {error.filename} : vérifie le dossier et ses droits.\n"
        )
    return 2


if __name__ == "__main__":
    sys.exit(main())
