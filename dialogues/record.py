"""Plays a page in a terminal, and keeps what was typed as a story that becomes a golden transcript."""

from collections.abc import Callable, Iterable

from dialogues import script, transcript
from dialogues.events import Asked, Typed
from dialogues.fixtures import Fixtures
from dialogues.library import Library
from dialogues.transcript import RESUME, Story
from dialogues.understand import choose

Ask = Callable[[str], str]  # shows an invitation, gives the words typed; EOFError when there are no more
Tell = Callable[[str], None]

QUIT = frozenset({"[quitter]", "/quitter", "/quit", "/q"})
HELP = (
    "Tape un bouton (ses mots ou son numéro) ou écris. « passer », « retour » et « simple » marchent partout.\n"
    "Plusieurs boutons : « Inventer + Organiser ». Aussi : [photo] [rien] [encore] [reprendre] [quitter]."
)


def play(story: Story, library: Library, page: str, fixtures: Fixtures, ask: Ask, tell: Tell) -> Story:
    """Play until the page ends or the author quits. The story holds what was typed, with the words of the buttons."""
    learner = transcript.session(story, library, page, fixtures)
    tell(f"{library.pages[page].title}\n{HELP}\n")
    played = learner.start(story.entry)
    _tell(script.turn(played), tell)
    while learner.state is not None:
        try:
            line = ask("> ").strip()
        except (EOFError, KeyboardInterrupt):
            break
        if line in QUIT:
            break
        line = in_full(line, played.asked)
        story.lines.append(line)
        if line == RESUME:
            _tell((f"  {row}" for row in learner.recap()), tell)
        played = learner.send(transcript.meant(line, played.asked))
        _tell(script.turn(played), tell)
    return story


def in_full(line: str, asked: Asked | None) -> str:
    """The words of the button whose number was typed; anything else stays as it was typed."""
    if asked is None or not line.isdecimal() or not isinstance(transcript.meant(line, asked), Typed):
        return line
    key = choose(line, asked.options)
    return next((option.label for option in asked.options if option.key == key), line)


def _tell(rows: Iterable[str], tell: Tell) -> None:
    for row in rows:
        tell(row)
