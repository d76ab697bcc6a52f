"""What the tests of careers share: the shipped catalogue, its linker, a day, a learner."""

from datetime import date

import pytest

from careers import catalogue as catalogues
from careers import linker, places
from careers.catalogue import Catalogue
from careers.linker import Linker
from careers.model import Interests, Vacancy
from careers.sources.sample import sample_vacancies

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return catalogues.load()


@pytest.fixture(scope="session")
def shipped_linker(catalogue: Catalogue) -> Linker:
    return linker.linker_of(catalogue)


@pytest.fixture(scope="session")
def offers() -> list[Vacancy]:
    return sample_vacancies(TODAY)


@pytest.fixture(scope="session")
def lou() -> Interests:
    """Somebody who likes to invent and to understand, with a project and a place."""
    return Interests(
        drives={"make": 60, "understand": 70, "create": 90, "support": 30, "launch": 40, "organize": 20},
        highlights=("create", "understand"),
        liked=(
            ("create_1", "create", "Inventer un personnage et son univers"),
            ("understand_1", "understand", "Chercher pourquoi un programme plante"),
        ),
        values=("creativity", "freedom", "fun"),
        skills={"invent": 2, "persevere": 1},
        project="jai fait un jeu sur scratch avec des zombies",
        place=places.find("Herstal"),
    )
