"""The nouns of careers: occupations, programmes, institutions, job offers, and what the matcher is told of a learner."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

MINUTES_A_DAY = 24 * 60
DRIVES = ("make", "understand", "create", "support", "launch", "organize")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `seen` is the day a person or an import last looked at it."""

    name: str
    url: str = ""
    seen: date | None = None
    licence: str = ""
    confidence: str = "A"  # A institution's list | B school page | C press or old | D general knowledge


@dataclass(frozen=True, slots=True)
class Fix:
    """A fact that staff corrected: which field, the day, and where they read it."""

    field: str
    day: date | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way into an occupation, in the learner's words; `gradual` means step by step."""

    text: str
    gradual: bool = False
    kind: str = "studies"  # studies | qualification | apprenticeship | on_the_job | adult


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation of the shipped catalogue, written for teenagers."""

    id: str
    feminine: str
    masculine: str
    one_line: str
    day: str
    people: str
    plus: str
    minus: str
    words: tuple[str, ...]  # what teenagers say for it: slang, abbreviations, tools, works
    drives: Mapping[str, int]  # 0-3 for each of DRIVES
    values: tuple[str, ...]
    skills: tuple[str, ...]
    sector: str
    digital: bool
    prep_level: int  # 1-5, never shown as an aim
    ways: tuple[Way, ...]  # at least two, at least one gradual
    rome: tuple[str, ...]
    dimeco: tuple[str, ...]
    today: str  # mostly women | mostly men | mixed | unknown
    today_source: str
    tumo_domains: tuple[str, ...]
    programme_domains: tuple[str, ...]  # joins with Programme.domains
    source: Source
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Institution:
    """A school, haute école, university, school of arts or training operator."""

    id: str
    name: str
    kind: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as a set of facts; what is unknown stays empty, never guessed."""

    id: str
    institution: Institution
    title: str
    level: str
    length: str
    campus: str
    address: str
    postcode: str  # empty when the campus is not in the hand-made table: then no distance
    entry: str
    cost: str
    domains: tuple[str, ...]
    url: str
    source: Source
    uncertain: str
    ages_from: int | None = None
    later: bool = False  # for adults: worded "plus tard"
    offered: bool = True  # false when the source says that enrolment is closed
    years: float | None = None  # studies after secondary school up to its end, when the table says so
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A job offer. `closes` is the last day it may be shown."""

    id: str
    title: str
    occupation: str
    dimeco: str
    employer: str
    locality: str
    postcode: str
    latitude: float | None
    longitude: float | None
    contract: str
    regime: str
    levels: tuple[str, ...]
    languages: tuple[str, ...]
    url: str
    published: date | None
    closes: date | None
    source: Source
    kind: str = (
        "job"  # job | student | apprenticeship (or traineeship) | flexi | first_job (no experience asked)
    )
    sample: bool = False
    experience: str = ""  # the occupation in which experience is asked, empty when none is
    ages_from: int | None = (
        None  # the youngest who could take it now; younger: "plus tard". None: nobody knows
    )
    permits: tuple[str, ...] = ()  # categories of driving licence asked for

    def later_for(self, age: int) -> bool:
        """Whether it must be worded "plus tard" at that age."""
        return self.ages_from is not None and age < self.ages_from


@dataclass(frozen=True, slots=True)
class Place:
    """A locality with its coordinates (GeoNames)."""

    postcode: str
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number to call. `hours` is for reading; `opens` and `closes` are minutes of the day in Brussels."""

    id: str
    name: str
    number: str
    hours: str
    opens: int
    closes: int
    free: bool
    audience: str
    source: Source
    url: str = ""
    note: str = ""
    open_now: bool = False

    @property
    def always(self) -> bool:
        """Open around the clock."""
        return self.closes - self.opens >= MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Domain:
    """A theme that a centre may teach, with the weight of each drive (0-3); `open` is None while nobody has said."""

    id: str
    label: str
    weights: Mapping[str, int]
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of Belgian schools in plain words; `short` is the line that cards show."""

    id: str
    title: str
    short: str
    text: str
    source: Source
    when: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # field of a programme -> words it concerns
    uncertain: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where to look or whom to ask, when facts are missing or a person is better: never a programme by itself."""

    id: str
    name: str
    kind: str  # secondary | alternation | adult | competence_centre | guidance
    offers: str  # what is found there
    audience: str
    place: str
    url: str  # empty when nobody has confirmed it
    source: Source
    ages_from: int | None = None
    later: bool = False  # for adults: worded "plus tard"
    ways: tuple[str, ...] = ()  # kinds of ways into an occupation (`Way.kind`) that it serves
    domains: tuple[str, ...] = ()  # those of programmes; empty: any
    uncertain: str = ""


@dataclass(frozen=True, slots=True)
class Shortage:
    """An occupation on the yearly list of those for which people are missing: told, never used to push."""

    year: int
    code: str  # DIMECO or ROME
    label: str
    kind: str  # pénurie | critique
    url: str


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """Something wrong in the catalogue. A warning asks for a look; an error leaves a row out or breaks a link."""

    code: str
    where: str
    message_fr: str
    severity: str = "error"


class Nearness(StrEnum):
    """How far a suggestion stands from what the learner already lights up for."""

    NEAR = "near"
    BESIDE = "beside"
    SURPRISE = "surprise"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is shown, or why to doubt it: a key of the microcopy and its values.

    `quotes` names the answer it is taken from ("interest.item_ratings:create_3"), so that a reason can be traced.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    quotes: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "pas pour moi" with its reason: far, long, not_me or seen."""

    kind: str  # occupation | programme | vacancy
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Interests:
    """The matcher's own input. Nothing on gender, first name, origin, school, marks or mood may enter."""

    drives: Mapping[str, float] = field(default_factory=dict)  # 0-100, missing when not computable
    highlights: tuple[str, ...] = ()
    liked: tuple[tuple[str, str, str], ...] = ()  # (item id, drive, words of the activity) said "trop bien"
    disliked: tuple[tuple[str, str, str], ...] = ()
    reactions: Mapping[str, str] = field(default_factory=dict)  # occupation id -> love | maybe | meh | no
    values: tuple[str, ...] = ()  # ordered
    skills: Mapping[str, int] = field(default_factory=dict)  # skill id -> number of proofs
    own_words: str = ""  # the learner's correction; it wins over what is computed
    project: str = ""
    project_tools: str = ""
    labs: tuple[tuple[str, str], ...] = ()  # (TUMO domain, drive of the place they liked there or "")
    unwanted: tuple[str, ...] = ()  # themes lived in labs that they would rather leave aside
    place: Place | None = None  # only when the learner asked for distance
    refusals: tuple[Refusal, ...] = ()
    seen: frozenset[str] = frozenset()

    def usable(self) -> int:
        """How many answers can carry a reason; without any, a discovery list says so."""
        return (
            len(self.liked)
            + len(self.labs)
            + len(self.highlights)
            + len(self.values)
            + sum(proofs > 0 for proofs in self.skills.values())
            + bool(self.project)
            + bool(self.own_words)
            + sum(1 for appeal in self.reactions.values() if appeal in ("love", "maybe"))
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to look at, with two reasons, one doubt and its source."""

    kind: str  # occupation | programme | vacancy
    id: str
    nearness: Nearness
    reasons: tuple[Reason, ...]
    doubt: Reason
    source: Source
    score: float
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occupation that a text made the linker think of, and the words that did it."""

    occupation_id: str
    score: float  # 0-1, calibrated: the share of right answers at that score on the development phrases
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """What the linker made of a text. `verdict` is found, unsure (several, ask) or unknown ("I do not know")."""

    verdict: str
    candidates: tuple[Candidate, ...]
