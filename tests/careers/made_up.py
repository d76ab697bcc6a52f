"""Learners made up at random: any answers that the pages can produce, sparse and contradictory ones included."""

import random

from careers import places, vocabulary
from careers.catalogue import Catalogue
from careers.model import DRIVES, Interests, Refusal

ACTIVITIES = [(f"{drive}_{n}", drive, f"une activité {n} de {drive}") for drive in DRIVES for n in (1, 2, 3)]
TEXTS = [
    "", "", "un jeu sur scratch", "je coiffe mes copines", "robot arduino", "zzz", "surtout pas d'ordinateur",
    "dehors, avec des animaux", "un podcast", "j'ai réparé un scooter", "je veux partir, voir du pays",
    "la danse et les maths", "devenir avocate", "travailler vite, pas de longues études", "42",
]  # fmt: skip
APPEALS = ("love", "maybe", "meh", "no")
WHY = ("far", "long", "not_me", "seen")


def learner(chance: random.Random, catalogue: Catalogue) -> Interests:
    """Somebody; the same `chance`, the same person."""
    ids = tuple(catalogue.occupations)
    shown = tuple(catalogue.programmes)

    def some(of: tuple[str, ...], most: int) -> list[str]:
        return chance.sample(of, chance.choice((0, chance.randint(0, most))))

    return Interests(
        drives={d: float(chance.randint(0, 100)) for d in some(DRIVES, 6)},
        highlights=tuple(some(DRIVES, 4)),
        liked=tuple(chance.sample(ACTIVITIES, chance.randint(0, 6))) if chance.random() < 0.6 else (),
        disliked=tuple(chance.sample(ACTIVITIES, chance.randint(0, 3))),
        reactions={one: chance.choice(APPEALS) for one in some(ids, 8)},
        values=tuple(some(vocabulary.VALUES, 5)),
        skills={one: chance.randint(0, 4) for one in some(vocabulary.SKILLS, 5)},
        own_words=chance.choice(TEXTS),
        project=chance.choice(TEXTS),
        labs=tuple((one, chance.choice(("", *DRIVES))) for one in some(tuple(catalogue.domains), 2)),
        place=places.find(chance.choice(("Liège", "Huy", "Verviers"))) if chance.random() < 0.5 else None,
        refusals=tuple(
            [Refusal("occupation", one, chance.choice(WHY)) for one in some(ids, 3)]
            + [Refusal("programme", one, chance.choice(WHY)) for one in some(shown, 2)]
        ),
        seen=frozenset(some(ids, 5)),
    )
