"""The linker, tried from the command line."""

from bot.cli.say import say
from careers import catalogue as catalogues
from careers.linker import Linker


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
