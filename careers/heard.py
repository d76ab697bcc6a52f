"""What a learner's own texts lead to: occupations, the drives these share, and conditions of work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from careers import conditions, fit
from careers.catalogue import Catalogue
from careers.conditions import Wishes
from careers.linker import Linker
from careers.model import DRIVES, Interests, Occupation

SPEAKS = ("love", "maybe")  # reactions to an occupation that speaks to them
Words = Mapping[str, tuple[str, ...]]  # occupation id -> the words of the text that led to it

_CLEAR = 0.75  # share of the best score from which a linked occupation counts as meant
_LINKED = 5  # occupations that one text may lead to
_SHARED = 1.5  # mean weight from which the linked occupations share a drive
_MOST_DRIVES = 2


@dataclass(frozen=True)
class Heard:
    """What the project and the correction made one think of; `sure` is the linker's chance for each occupation."""

    project: Words
    own_words: Words
    sure: Mapping[str, float]
    liked: Mapping[str, float]  # occupations that they said speak to them, and how much
    wishes: Wishes
    occupations: Mapping[str, Occupation]

    @cached_property
    def linked(self) -> tuple[str, ...]:
        """Every occupation that a text led to, the correction's first."""
        return tuple(dict.fromkeys([*self.own_words, *self.project]))

    @cached_property
    def drives(self) -> tuple[str, ...]:
        """Drives that what they told and liked has in common, the strongest first."""
        about = {**self.liked, **{one: self.sure[one] for one in self.linked}}
        known = [(self.occupations[one], weight) for one, weight in about.items()]
        total = sum(sure for _, sure in known)
        if not total:
            return ()
        mean = {d: sum(o.drives[d] * sure for o, sure in known) / total for d in DRIVES}
        return tuple(sorted((d for d in DRIVES if mean[d] >= _SHARED), key=lambda d: -mean[d])[:_MOST_DRIVES])

    @property
    def understood(self) -> bool:
        """Whether anything can be made of the texts."""
        return bool(self.linked or self.wishes.wished or self.wishes.refused)


def read(
    interests: Interests, linker: Linker, catalogue: Catalogue, kept: Collection[str] = frozenset()
) -> Heard:
    """Read the project and the correction. `kept` occupations count as meant, however they were found."""
    occupations = catalogue.occupations
    project = f"{interests.project}\n{interests.project_tools}"
    from_project = _linked(project, linker, occupations, kept)
    from_words = _linked(interests.own_words, linker, occupations, kept)
    sure = {one: chance for found in (from_project, from_words) for one, (_, chance) in found.items()}
    said = f"{interests.own_words}\n{interests.project}"
    wishes = conditions.read(said) if said.strip() else conditions.NOTHING
    return Heard(
        {one: words for one, (words, _) in from_project.items()},
        {one: words for one, (words, _) in from_words.items()},
        sure,
        {
            one: fit.APPEAL[said]
            for one, said in interests.reactions.items()
            if said in SPEAKS and one in occupations
        },
        wishes,
        occupations,
    )


def _linked(
    said: str, linker: Linker, occupations: Mapping[str, Occupation], kept: Collection[str]
) -> dict[str, tuple[tuple[str, ...], float]]:
    if not said.strip():
        return {}
    found = [c for c in linker.link(said, _LINKED).candidates if c.occupation_id in occupations]
    best = max((candidate.score for candidate in found), default=0.0)
    meant = (c for c in found if c.score >= best * _CLEAR or c.occupation_id in kept)
    return {c.occupation_id: (c.words, c.score) for c in meant if c.words}


def strong_here(heard: Heard, o: Occupation) -> str | None:
    """The first drive of the texts that an occupation really calls on."""
    return next((drive for drive in heard.drives if o.drives.get(drive, 0) >= fit.STRONG), None)
