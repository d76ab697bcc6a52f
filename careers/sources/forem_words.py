"""The vocabularies of Le Forem's open data in readable French: contracts, hours, levels, titles, employers.

What is not in a table is kept as it came, and counted, so that a new value of the portal is seen and never a crash.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from careers.text import fold

# Sources: the nomenclatures that Le Forem gives its partners, and the values seen in the open data (2026).
CONTRACTS = {
    "duree indeterminee": "CDI (durée indéterminée)",
    "duree determinee": "CDD (durée déterminée)",
    "interimaire": "Intérim",
    "interimaire avec option sur duree indeterminee": "Intérim, puis CDI possible",
    "etudiant": "Job étudiant",
    "contrat d'apprentissage": "Apprentissage",
    "contrat d'alternance": "Apprentissage en alternance",
    "stage": "Stage",
    "stage remunere": "Stage rémunéré",
    "flexi-jobs": "Flexi-job",
    "flexi-job": "Flexi-job",
    "remplacement": "Remplacement",
    "nettement defini": "Pour un travail précis",
    "journalier (occasionnel ou saisonnier)": "À la journée ou pour une saison",
    "contrat collaboration independant": "Sous statut indépendant",
    "contrat avec independant": "Sous statut indépendant",
    "salarie statutaire": "Emploi statutaire (service public)",
    "representant de commerce": "Représentation commerciale",
    "travail domestique": "Travail domestique",
}
REGIMES = {
    "temps plein": "Temps plein",
    "temps partiel": "Temps partiel",
    "position avec un horaire temps plein": "Temps plein",
    "position avec un horaire a temps partiel": "Temps partiel",
}
LEVELS = {
    "education de la petite enfance": "Aucun diplôme",
    "primaire": "École primaire",
    "enseignement secondaire (premier cycle)": "Secondaire inférieur",
    "enseignement secondaire (deuxieme cycle)": "Secondaire supérieur",
    "enseignement post-secondaire non-superieur": "7e année ou formation après le secondaire",
    "enseignement superieur de cycle court": "Enseignement supérieur court",
    "baccalaureat universitaire ou equivalent": "Bachelier",
    "bachelier": "Bachelier",
    "maitrise universitaire ou equivalent": "Maîtrise (master)",
    "master": "Maîtrise (master)",
    "doctorat ou equivalent": "Doctorat",
}
SCHOOL = frozenset(list(LEVELS.values())[:5])  # the learner's own school is enough

# Ages: compulsory school full time ends at 15 or 16, in part at 18; a flexi-job asks for another job beside it.
AGES = {"student": 15, "apprenticeship": 15, "flexi": 18, "first_job": 18, "job": 18}

_GENDER = r"[hfmvwxd]"
_GENDERS = re.compile(
    rf"\s*[(\[]\s*{_GENDER}(?:\s*[/|.,\-–]?\s*{_GENDER}){{1,3}}\s*[)\]]"  # (H/F/X), [m-v], (hfx)
    rf"|\s*(?<![\w'’]){_GENDER}(?:\s*[/|]\s*{_GENDER}){{1,3}}(?![\w/])\)?"  # H/F, M / V / X
    r"|\s*/x\)|\s*[(\[]\s*(?:tous genres|all genders|alle geslachten)\s*[)\]]",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"[(\[]\s*[)\]]")
_STUDENT_TITLE = re.compile(
    r"\b(?:jobs?|contrat|poste) (?:d'?\s?)?etudiante?s?\b|^etudiante?s?\b|\bjobistes?\b"
    r"|\bstudent(?:en)?\s?jobs?\b|\bjob\s?student|\([^)]*\betudiante?s?\)"
)
_TRAINEE = re.compile(r"\bapprentissage\b|\balternance\b|\bstages?\b|\bstagiaires?\b")
_SMALL = frozenset(
    [
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "en",
        "sur",
        "sous",
        "lez",
        "lès",
        "et",
        "à",
        "aux",
        "au",
        "op",
        "aan",
        "den",
        "der",
        "van",
        "het",
        "ten",
        "ter",
    ]
)
_TWO = _SMALL | {"un", "ou", "se", "sa", "ne", "si", "y", "ma", "or"}
_LETTERS = frozenset(
    [
        "BIM",
        "CNC",
        "PLC",
        "SAP",
        "ERP",
        "CRM",
        "CAO",
        "DAO",
        "SQL",
        "PHP",
        "HSE",
        "QHSE",
        "TIC",
        "ICT",
        "SEO",
        "IOT",
        "VTC",
        "HVAC",
        "LED",
        "USB",
        "API",
        "AWS",
        "GPS",
        "RGPD",
        "PMO",
        "CPAS",
        "ASBL",
    ]
)
_PARTS = re.compile(r"([\s\-'’(/])")


def worded(table: Mapping[str, str], value: str, name: str, unknown: Counter[str]) -> str:
    """A value of a vocabulary in readable French; one that is not in it stays, and is counted under its field."""
    if not value:
        return ""
    found = table.get(_key(value))
    if found is None:
        unknown[f"{name} : {value}"] += 1
        return value
    return found


def classify(contract: str, levels: tuple[str, ...], experience: str, title: str = "") -> str:
    """student, apprenticeship, flexi, first_job (school is enough, no experience asked) or job; takes worded values."""
    said = fold(contract)
    if "etudiant" in said or _STUDENT_TITLE.search(fold(title)):
        return "student"
    if _TRAINEE.search(said):
        return "apprenticeship"
    if said.startswith("flexi"):
        return "flexi"
    if levels and not experience and all(level in SCHOOL for level in levels):
        return "first_job"
    return "job"


def title(said: str) -> str:
    """A title without the genders it ends or begins with, and not in capitals only."""
    bare = _EMPTY.sub(" ", _GENDERS.sub(" ", said))
    bare = " ".join(bare.split()).strip(" -–/|,;:")
    return sentence(bare) if bare.isupper() and len(bare) > 4 else bare  # noqa: PLR2004 -- "BIM", "IT" stay


def sentence(said: str) -> str:
    """Capitals at the beginning only, and in what is no word: IT, CNC, B2B."""
    parts = [part if _is_letters(part) else part.lower() for part in _PARTS.split(said)]
    bare = "".join(parts)
    return bare[:1].upper() + bare[1:]


def _is_letters(part: str) -> bool:
    return (
        part in _LETTERS
        or any(character.isdigit() for character in part)
        or (len(part) <= 2 and part.isalpha() and part.lower() not in _TWO)  # noqa: PLR2004 -- IT, RH, CE
    )


def employer(name: str) -> str:
    """The portal often writes a name twice: "X - X"."""
    half = len(name) // 2
    first, second = name[:half].rstrip(" -"), name[half:].lstrip(" -")
    return first if first and first == second else name


def town(name: str) -> str:
    """The name of a place that came in capitals, as it is written: small words stay small."""
    if not name.isupper():
        return name
    parts = _PARTS.split(name.lower())
    done = [
        part if number and part in _SMALL else part[:1].upper() + part[1:]
        for number, part in enumerate(parts)
    ]
    return "".join(done)


def _key(value: str) -> str:
    return " ".join(_plain(value).split())


def _plain(value: str) -> str:
    decomposed = unicodedata.normalize("NFKD", value.replace("’", "'").casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
