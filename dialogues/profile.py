"""The variables that pages may read and write: kind, retention, and whether they are stored at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dialogues.ports import PORTS


class Kind(StrEnum):
    """Shapes of values; steps write into them differently."""

    WORD = "word"  # a short string
    TEXT = "text"  # free text
    ENUM = "enum"
    BOOL = "bool"
    INT = "int"
    DATE = "date"  # ISO date
    MOMENT = "moment"  # ISO date and time
    LIST = "list"  # of strings
    RECORDS = "records"  # list of objects, one of which may be open
    MAP = "map"
    COUNTER = "counter"  # key -> number of proofs
    ANY = "any"  # brought by an errand


class Retention(StrEnum):
    """How long a value may stay (§5.3)."""

    PROFILE = "profile"  # the season and 12 months
    SUPPORT = "support"  # 12 months
    FREE_TEXT = "free_text"  # as the profile, and each may be erased alone


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `values` closes an enum; `deck` gives its keys their labels; `system` is never asked."""

    name: str
    kind: Kind
    retention: Retention = Retention.PROFILE
    restricted: bool = False
    stored: bool = True
    values: tuple[str, ...] = ()
    deck: str | None = None
    system: bool = False


def _enum(name: str, values: str, *, system: bool = False) -> Variable:
    return Variable(name, Kind.ENUM, values=tuple(values.split()), system=system)


def _each(
    kind: Kind, names: str, retention: Retention = Retention.PROFILE, *, system: bool = False
) -> Iterable[Variable]:
    return (Variable(name, kind, retention, system=system) for name in names.split())


_FREE = Retention.FREE_TEXT

_PERSON = (
    Variable("user.first_name", Kind.WORD),
    _enum("user.accord", "f m n"),
    _enum("user.age_band", "12 13-15 16-18"),
    _enum("user.school_stage", "s1_s2 s3 s4 s5 s6_s7 other"),
    _enum("user.reading_mode", "standard falc audio"),
    _enum("user.channel", "web discord telegram", system=True),
    Variable("consent.self", Kind.BOOL),
    _enum("consent.parent", "not_needed pending yes no"),
    _enum("consent.share_coach", "none cards full"),
    _enum("consent.share_mentor", "none question_only cards", system=True),
    Variable("consent.research", Kind.BOOL),
    Variable("consent.reminders", Kind.BOOL, system=True),
    _enum("consent.reminder_slot", "wed_pm sat_am week_17h week_19h none"),
    Variable("consent.version", Kind.WORD, system=True),
    Variable("consent.at", Kind.MOMENT, system=True),
)

_INTERESTS = (
    _enum("interest.mode", "reactions duels"),
    Variable("interest.item_ratings", Kind.MAP, deck="interest_items"),
    Variable("interest.unknown_items", Kind.LIST, deck="interest_items", system=True),
    Variable("interest.scores", Kind.MAP, deck="drives", system=True),
    Variable("interest.highlights", Kind.LIST, deck="drives"),
    _enum("interest.quality", "ok low", system=True),
    _enum("interest.fit_feedback", "yes partly no"),
    Variable("interest.self_correction", Kind.TEXT, _FREE),
    Variable("interest.updated_at", Kind.MOMENT, system=True),
)

_VALUES = (
    Variable("value.kept", Kind.LIST, _FREE, deck="values"),
    Variable("value.ranking", Kind.LIST, _FREE, deck="values"),
    Variable("value.definitions", Kind.MAP, _FREE, deck="values"),
    Variable("value.tension", Kind.MAP, deck="values"),
)

_SUPPORT = (
    Variable("support.flags", Kind.RECORDS, Retention.SUPPORT, restricted=True),
    Variable("checkin.log", Kind.RECORDS, Retention.SUPPORT, restricted=True),
)

_PROJECT = (  # the pages of this project: a project of one's own, what is near, a job to meet
    Variable("project.words", Kind.TEXT, _FREE),
    Variable("project.title", Kind.TEXT, _FREE),
    Variable("project.link", Kind.ANY, _FREE),
    Variable("project.kept", Kind.LIST),
    Variable("project.reactions", Kind.MAP),
    Variable("near.reactions", Kind.MAP),
    Variable("near.place", Kind.WORD),  # a town or a postcode, never an address
    Variable("near.kept", Kind.LIST),
    _enum("job.entry", "domain drive word surprise saved lab"),
    Variable("job.next", Kind.WORD),  # guessed at after a lab: the next occupation to be shown
    Variable("job.domain", Kind.WORD),
    Variable("job.drive", Kind.WORD, deck="drives"),
    Variable("job.word", Kind.TEXT, _FREE),
)

_LISTS = (
    *_each(
        Kind.LIST,
        "lives.themes job.seen job.surprise job.group_left entre.resources fair.goals fair.targets "
        "portrait.versions family.people family.key_points pitch.practice",
    ),
    *_each(Kind.LIST, "meeting.questions fair.questions", _FREE),
)

_RECORDS = tuple(
    _each(
        Kind.RECORDS,
        "pride.stories lives.list job.groups job.shortlist session.log meeting.notes fair.visits book.entries "
        "decision.options decision.criteria action.list mentor.requests programme.compared programme.notes",
        _FREE,
    )
)

_MAPS = (
    *_each(
        Kind.MAP,
        "job.reactions job.descriptors skill.digcomp skill.soft portrait.sentences programme.criteria pitch.parts",
        _FREE,
    ),
    Variable("pride.skills", Kind.COUNTER),
    Variable("impact.t0", Kind.MAP, restricted=True),
    Variable("impact.t1", Kind.MAP, restricted=True, system=True),
    Variable("impact.t2", Kind.MAP, restricted=True),
    Variable("domain.reactions", Kind.MAP, system=True),
    Variable("progress.advp", Kind.MAP, system=True),
    Variable("progress.open", Kind.MAP, system=True),
)

_SINGLE = (
    *_each(
        Kind.TEXT,
        "lives.note entre.idea entre.first_step decision.plan_b family.worry family.outcome",
        _FREE,
    ),
    Variable("skill.next", Kind.WORD),
    Variable("decision.leaning", Kind.WORD),
    Variable("decision.certainty", Kind.INT),
    Variable("family.ask", Kind.WORD),
    Variable("family.when", Kind.DATE),
    Variable("progress.done", Kind.RECORDS, system=True),
    Variable("progress.reminders", Kind.MAP, system=True),
    Variable("reminder.kinds", Kind.MAP, system=True),
    Variable("agenda.calendar", Kind.MAP, system=True),  # whether one's private calendar tells titles
    Variable("progress.last_seen", Kind.MOMENT, system=True),
    Variable("progress.paused_until", Kind.DATE, system=True),
)


_PASSING = tuple(  # said on one page for its errands, gone with the page
    Variable(f"{page}.{word}", Kind.ANY, stored=False)
    for page, words in {
        "asked": ("other",),  # words typed instead of the button that says "another"
        "shortlist": (
            "picked",
            "joker",
            "owns",
            "own_word",
            "dropped",
            "asked_many",
            "before",
            "blank_said",
            "order",
        ),
        "compare": ("chosen", "few", "owns", "word", "taken", "asked_many", "rating"),
        "lab": ("soonest", "asked", "picked", "job", "job_id"),
        "look": ("gathering",),
        "agenda": ("picked", "act", "why", "reminders"),
        "fair": (
            "phase",
            "picked",
            "typed",
            "wild_said",
            "wild_word",
            "own",
            "at",
            "word",
            "shown",
            "checks",
            "aside",
            "added",
            "swap",
            "due",
        ),
        "meet": ("phase", "bank", "own", "order"),
    }.items()
    for word in words
)


def _declare() -> dict[str, Variable]:
    stored = (
        *_PERSON,
        *_INTERESTS,
        *_VALUES,
        *_SUPPORT,
        *_PROJECT,
        *_LISTS,
        *_RECORDS,
        *_MAPS,
        *_SINGLE,
        *_PASSING,
    )
    known = {variable.name: variable for variable in stored}
    brought = (name for port in PORTS.values() for name in port.brings)
    fleeting = {name: Variable(name, Kind.ANY, stored=False) for name in brought if name not in known}
    return known | fleeting


VARIABLES: dict[str, Variable] = _declare()

# §5.3: never a variable, whatever a page would like (a test compares names with VARIABLES).
NEVER_STORED = (
    "gender",
    "grades",
    "marks",
    "religion",
    "orientation",
    "health",
    "disability",
    "residence",
    "nationality",
    "address",
    "phone",
    "full_name",
    "last_name",
    "birth_date",
)


def is_stored(name: str) -> bool:
    """Whether a value of that variable may be kept; undeclared names never are."""
    variable = VARIABLES.get(name)
    return variable is not None and variable.stored


def fits(name: str, key: str) -> bool:
    """Whether an enum keeps that key (`more` on a yes/no question keeps nothing); other kinds keep all."""
    variable = VARIABLES.get(name)
    return variable is None or not variable.values or key in variable.values
