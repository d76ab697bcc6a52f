"""From a Markdown page to a dialogue, or to all of its problems at once."""

from dataclasses import dataclass

from dialogues.model import Dialogue


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a line (from 1) of a page, in a sentence that its author understands."""

    code: str
    line: int
    message_fr: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}:{self.line} {self.code} {self.message_fr}"


def parse(source: str, name: str) -> tuple[Dialogue | None, list[Problem]]:
    """The dialogue, or None and every problem. Never raises."""
    raise NotImplementedError
