"""Which handler plays which kind of step."""

from collections.abc import Mapping

from dialogues.model import StepKind
from dialogues.steps.base import Handler
from dialogues.steps.cards import Duels, Reactions
from dialogues.steps.choices import OneChoice, Several
from dialogues.steps.dates import Day
from dialogues.steps.machine import Errand, Product, Route
from dialogues.steps.piles import Rank, Sort
from dialogues.steps.words import Lines, Media, ShortText

HANDLERS: Mapping[StepKind, Handler] = {
    StepKind.CHOICE: OneChoice(),
    StepKind.SCALE: OneChoice(),
    StepKind.SUITE: OneChoice(),
    StepKind.MULTI: Several(),
    StepKind.TEXT: ShortText(),
    StepKind.LIST: Lines(),
    StepKind.MEDIA: Media(),
    StepKind.REACTIONS: Reactions(),
    StepKind.DUELS: Duels(),
    StepKind.SORT: Sort(),
    StepKind.RANK: Rank(),
    StepKind.DATE: Day(),
    StepKind.PRODUCT: Product(),
    StepKind.ROUTE: Route(),
    StepKind.ERRAND: Errand(),
}
SILENT = frozenset({StepKind.PRODUCT, StepKind.ROUTE, StepKind.ERRAND})
