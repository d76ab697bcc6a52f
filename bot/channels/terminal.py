"""The conversation in a terminal: the same turns and visits as on the web, numbers or words to answer."""

import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.panel import Panel
from rich.text import Text as Styled

from bot.application import turns, visits
from bot.application.messages import Answer, Body, Hello, Incoming, Message, Press, Screen, Text, Visit
from bot.application.scene import new_screen_id
from bot.application.services import Services
from dialogues.model import StepKind

CHANNEL = "terminal"
QUIT = ("/quitter", "/quit", "/exit")
SEVERAL = (StepKind.MULTI, StepKind.RANK)


class Terminal:
    """One person at one terminal, from hello on. Nothing of the terminal itself is kept: leaving is leaving."""

    def __init__(self, services: Services, console: Console, read: Callable[[str], str]) -> None:
        self._services = services
        self._console = console
        self._read = read
        self._address = f"terminal-{new_screen_id()}"
        self._known = False
        self._visit: Visit | None = None
        self._screen: Screen | None = None
        self._sent = 0

    def talk(self) -> None:
        """Until « /quitter » or the end of the input."""
        self._send(Hello())
        while True:
            try:
                line = self._read("› ").strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line.lower() in QUIT:
                return
            if line:
                self._send(body_of(line, self._screen))

    def _send(self, body: Body) -> None:
        self._sent += 1
        incoming = Incoming(CHANNEL, self._address, f"{self._sent}", body)
        if self._known:
            answer = turns.handle(self._services, incoming)
        else:
            answer = visits.handle(self._services, self._visit, incoming)
        self._known, self._visit, self._screen = answer.person is not None, answer.visit, answer.view.screen
        self._show(answer)

    def _show(self, answer: Answer) -> None:
        for message in answer.view.messages:
            if message.side == "bot":
                self._console.print(drawn(message))
        if answer.notice:
            self._console.print(Styled(answer.notice, style="italic"))
        if self._screen is not None:
            for line in choices(self._screen):
                self._console.print(line)


def body_of(line: str, screen: Screen | None) -> Body:
    """Numbers press buttons (« 2 », « 1, 3 »), anything else is words."""
    options = screen.asked.options if screen else ()
    numbers = [part for part in line.replace(",", " ").replace(";", " ").split() if part]
    if screen is None or not options or not all(part.isdigit() for part in numbers):
        return Text(line)
    indices = tuple(int(part) - 1 for part in numbers)
    several = screen.asked.kind in SEVERAL
    if any(not 0 <= index < len(options) for index in indices) or (len(indices) > 1 and not several):
        return Text(line)
    return Press(screen.id, indices)


def choices(screen: Screen) -> Sequence[Styled]:
    """The numbered options of a screen, and how many to take."""
    asked = screen.asked
    lines = [
        Styled(f"  {number}. {option.label}", style="cyan") for number, option in enumerate(asked.options, 1)
    ]
    if asked.kind in SEVERAL and lines:
        lines.append(
            Styled(f"  (de {asked.minimum} à {asked.maximum} numéros, par exemple « 1, 3 »)", style="dim")
        )
    return lines


def drawn(message: Message) -> Panel | Styled:
    """One message of the bot, for a terminal."""
    body = message.body
    match message.kind:
        case "card" | "product":
            lines = [str(line) for line in body.get("lines", ())] or [str(body.get("text", ""))]
            lines += [f"• {reason}" for reason in body.get("reasons", ())]
            lines += [str(body[name]) for name in ("doubt", "source", "url") if body.get(name)]
            return Panel(
                "\n".join(line for line in lines if line), title=str(body.get("title", "")), expand=False
            )
        case "lines":
            rows = [f"{row['number']}  {row['name']} — {row['hours']}" for row in body["lines"]]
            return Panel("\n".join(rows), title=str(body.get("title", "")), expand=False)
        case "link":
            return Styled(f"{body['label']} : {body['url']}")
        case "picture":
            return Styled(f"[image : {body.get('alt', '')}]")
        case _:
            return Styled(str(body.get("text", "")))


def talk(services: Services) -> None:
    """Talk on this terminal."""
    console = Console(highlight=False, markup=False)
    Terminal(services, console, input if sys.stdin.isatty() else _piped(console)).talk()


def _piped(console: Console) -> Callable[[str], str]:
    def read(prompt: str) -> str:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        console.print(Styled(f"{prompt}{line.strip()}", style="green"))
        return line

    return read
