"""The catalogue and the linker, tried from the command line."""

from collections import Counter

from bot import bootstrap
from bot.cli.say import say
from careers import catalogue as catalogues
from careers.linker import Linker
from careers.problems import problems

SHOWN = 20  # problems of one kind shown before the rest are only counted


def check_catalogue() -> int:
    """Every problem of the shipped catalogue; 1 when one of them is an error."""
    shipped = catalogues.load()
    found = problems(shipped, bootstrap.real_now().date())
    seen: Counter[str] = Counter()
    for problem in found:
        seen[problem.code] += 1
        if seen[problem.code] <= SHOWN:
            say(f"{problem.where}: {problem.code} {problem.message_fr}")
    for code, count in seen.items():
        if count > SHOWN:
            say(f"… et {count - SHOWN} autres {code}")
    errors = [problem for problem in found if problem.severity == "error"]
    say(
        f"{len(shipped.occupations)} métiers, {len(shipped.programmes)} programmes, "
        f"{len(shipped.institutions)} établissements : {len(errors)} erreur(s), {len(found) - len(errors)} point(s) à revoir."
    )
    return 1 if errors else 0


def link(text: str) -> None:
    """What the linker makes of some words."""
    shipped = catalogues.load()
    linked = Linker(shipped).link(text)
    verdicts = {
        "found": "trouvé",
        "unsure": "pas sûr : le bot demande",
        "unknown": "pas compris : le bot le dit",
    }
    say(f"{verdicts[linked.verdict]}")
    for candidate in linked.candidates:
        occupation = shipped.occupations[candidate.occupation_id]
        say(
            f"  {candidate.score:.2f}  {occupation.feminine} / {occupation.masculine}  ({', '.join(candidate.words)})"
        )
