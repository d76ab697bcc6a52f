"""Golden transcripts: a story is its head and the `>` lines of the learner; the rest is played and written down.

# Title of the story
# connu user.first_name = Lou            facts of the profile before it begins (JSON or plain words)
# centre on_duty = oui                   a word of the centre
# canal telegram
# entrée parent_ok                       the page opens by that event
# apporte pick_occupation : unknown      outcomes of an errand, one line a time that it runs; the last one stays
# apporte pick_occupation : found job.model = Nora ; job.shown_today = 3

> 13 à 15 ans                            a button (its exact words) or typed words
> Inventer + Organiser                   several buttons where one may tick
> [passer] [retour] [simple] [encore] [rien] [photo] [reprendre]
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogues import script
from dialogues.events import Again, Asked, Attached, Back, Brought, Input, Picked, Simple, Skipped, Typed
from dialogues.fixtures import FixtureError, Fixtures, Script
from dialogues.library import Library
from dialogues.profile import VARIABLES, Kind
from dialogues.session import CENTRE, Played, Session

SHORT = 12  # characters of the page's digest that a transcript quotes
RESUME = "[reprendre]"
ACTIONS: Mapping[str, Input] = {
    "[passer]": Skipped(),
    "[retour]": Back(),
    "[simple]": Simple(),
    "[encore]": Again(),
    "[rien]": Picked(()),
    "[photo]": Attached(media_id="photo-1"),
    RESUME: Again(),
}
_WORDS = frozenset([Kind.WORD, Kind.TEXT, Kind.ENUM, Kind.DATE, Kind.MOMENT])
_FACT = re.compile(r"(?P<name>[\w.]+)\s*=\s*(?P<value>.*)\Z")
_BROUGHT = re.compile(r"(?P<errand>\w+)\s*:\s*(?P<outcome>\w+)\s*(?P<facts>.*)\Z")


class StoryError(Exception):
    """A story that cannot be played: a line of its head that means nothing, or a line after the end."""


@dataclass
class Story:
    """What the author wrote of a transcript."""

    title: str = ""
    head: list[str] = field(default_factory=list)  # the lines as written, without the title and the page
    known: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=lambda: dict(CENTRE))
    channel: str = "web"
    entry: str | None = None
    brought: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)  # what the learner does


@dataclass(frozen=True, slots=True)
class Recording:
    """A story played: its whole text, and the moments that it went through."""

    text: str
    moments: frozenset[str]


def read(text: str) -> Story:
    """The story of a transcript; everything that was played before is left out. StoryError for an odd head."""
    story = Story()
    for row in text.splitlines():
        if row.startswith("#"):
            _head(story, row[1:].strip())
        elif row.startswith(">"):
            story.lines.append(row[1:].strip())
    if not story.title:
        raise StoryError("Une transcription commence par une ligne `# Titre`.")
    return story


def _head(story: Story, row: str) -> None:
    word, _, rest = row.partition(" ")
    if not story.title:
        story.title = row
    elif word != "page":
        story.head.append(row)
        if word == "connu":
            story.known |= _facts(rest)
        elif word == "centre":
            story.words |= {name: str(value) for name, value in _facts(rest).items()}
        elif word == "canal":
            story.channel = rest.strip()
        elif word == "entrée":
            story.entry = rest.strip()
        elif word == "apporte":
            found = _BROUGHT.match(rest.strip())
            if found is None:
                raise StoryError(f"On écrit `# apporte COURSE : ISSUE x = y ; z = t`, pas « {row} ».")
            story.brought.setdefault(found["errand"], []).append((found["outcome"], _facts(found["facts"])))
        else:
            raise StoryError(f"Je ne connais pas « {word} » en tête d'une transcription.")


def _facts(text: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in text.split(" ; "))):
        found = _FACT.match(part)
        if found is None:
            raise StoryError(f"On écrit `nom = valeur`, pas « {part} ».")
        facts[found["name"]] = _value(found["name"], found["value"].strip())
    return facts


def _value(name: str, words: str) -> Any:
    """Lists, maps and numbers as JSON; for variables that hold words, the words themselves (an age band is no number)."""
    declared = VARIABLES.get(name)
    if declared is not None and declared.kind in _WORDS:
        return words.strip('"')
    try:
        return json.loads(words)
    except ValueError:
        return words


def session(story: Story, library: Library, page: str, fixtures: Fixtures) -> Session:
    """A session ready to begin that story. StoryError when an errand has no such outcome."""
    try:
        lines = {
            errand: tuple(
                Brought(outcome, {**fixtures.named(errand, outcome).values, **facts})
                for outcome, facts in rows
            )
            for errand, rows in story.brought.items()
        }
    except FixtureError as error:
        raise StoryError(str(error)) from None
    errands = Script(fixtures, lines)
    return Session(library, page, errands, json.loads(json.dumps(story.known)), story.words, story.channel)


def play(story: Story, library: Library, page: str, fixtures: Fixtures) -> Recording:
    """Play the story and write it down. StoryError names the line that comes after the end of the page."""
    learner = session(story, library, page, fixtures)
    digest = library.pages[page].digest[:SHORT]
    rows = [f"# {story.title}", f"# page {page} {digest}", *(f"# {row}" for row in story.head), ""]
    moments: set[str] = set()
    played = learner.start(story.entry)
    for line in story.lines:
        rows.extend((*_told(played, moments), "", f"> {line}"))
        if learner.state is None:
            raise StoryError(f"« {line} » vient après la fin de la page.")
        if line == RESUME:
            rows.extend(f"  {row}" for row in learner.recap())
        played = learner.send(meant(line, played.asked))
    rows.extend(_told(played, moments))
    return Recording("\n".join(rows) + "\n", frozenset(moments))


def _told(played: Played, moments: set[str]) -> Iterator[str]:
    moments.update(played.path)
    yield from script.turn(played)


def meant(line: str, asked: Asked | None) -> Input:
    """What a `>` line does on the screen that waits: an action, buttons, or typed words."""
    action = ACTIONS.get(line)
    if action is not None:
        return action
    keys = script.pressed(asked, line) if asked is not None else None
    return Typed(line) if keys is None else Picked(keys)
