"""The words of the commands that work everywhere: §5.2, how teenagers also write them, and what they are not."""

from collections.abc import Mapping
from enum import StrEnum


class Command(StrEnum):
    """Words that work at every moment."""

    MENU = "menu"
    PAUSE = "pause"
    SKIP = "skip"
    BACK = "back"
    SIMPLE = "simple"
    LISTEN = "listen"
    HUMAN = "human"
    SOS = "sos"
    DATA = "data"
    STOP = "stop"
    AGENDA = "agenda"


# §5.2, word for word: these forgive slips.
WORDS: Mapping[Command, tuple[str, ...]] = {
    Command.SOS: ("sos", "au secours", "help", "urgence"),
    Command.MENU: ("menu", "accueil", "debut"),
    Command.PAUSE: ("pause", "plus tard", "stop pour l instant"),
    Command.SKIP: ("passer", "skip", "jsp", "je sais pas"),
    Command.BACK: ("retour", "annuler", "oups"),
    Command.SIMPLE: ("simple", "c est complique", "pas compris"),
    Command.LISTEN: ("ecouter", "audio", "lis"),
    Command.HUMAN: ("humain", "parler a quelqu un", "coach"),
    Command.DATA: ("mes donnees", "effacer", "rgpd", "supprimer"),
    Command.STOP: ("stop", "desabonner", "laisse moi"),
}

# How teenagers also write them: these must be exact, so that "tasse" is not "passe".
ALSO: Mapping[Command, tuple[str, ...]] = {
    Command.SOS: ("a l aide", "aidez moi", "aide moi", "help me", "o secours", "au secour"),
    Command.MENU: ("le menu", "retour au menu", "au menu"),
    Command.PAUSE: (
        "on fait une pause",
        "une pause",
        "je reviens plus tard",
        "on fait pause",
        "je continue plus tard",
    ),
    Command.AGENDA: (
        "agenda",
        "mon agenda",
        "l agenda",
        "mes rendez vous",
        "mes rdv",
        "mon planning",
        "mon calendrier",
    ),
    Command.SKIP: (
        "passe",
        "je passe",
        "on passe",
        "je ne sais pas",
        "chais pas",
        "chepa",
        "jsais pas",
        "j sais pas",
        "aucune idee",
        "pas d idee",
        "je sais pas trop",
        "jsais pas trop",
        "j sais pas trop",
        "jen sais rien",
        "j en sais rien",
        "je c pas",
        "je se pas",
        "jspp",
        "suivant",
        "idk",
        "je sai pas",
        "sais pas",
    ),
    Command.BACK: (
        "reviens en arriere",
        "en arriere",
        "annule",
        "precedent",
        "back",
        "je me suis trompe",
        "je me suis trompee",
    ),
    Command.SIMPLE: (
        "j ai pas compris",
        "je comprends pas",
        "jcomprends pas",
        "je ne comprends pas",
        "c est trop complique",
        "plus simple",
        "j comprends pas",
        "jai pas compris",
        "comprends pas",
        "g pas compris",
        "jpige pas",
        "je comprend pas",
        "trop complique",
    ),
    Command.LISTEN: ("lis moi", "ecoute", "lis le", "lire a voix haute", "lis a voix haute"),
    Command.HUMAN: (
        "un humain",
        "une personne",
        "parler a un humain",
        "parler a une personne",
        "parler a un coach",
        "je veux parler a quelqu un",
        "un coach",
        "mon coach",
        "ma coach",
        "une vraie personne",
        "parler a qqn",
        "je veux parler a qqn",
    ),
    Command.DATA: (
        "voir mes donnees",
        "efface tout",
        "effacer mes donnees",
        "supprimer mes donnees",
        "supprime mes donnees",
        "efface mes donnees",
    ),
    Command.STOP: ("me desabonner", "laisse moi tranquille", "arrete de m ecrire", "desabonne moi"),
}

# One slip away from a command, but another word: "hello" is no call for help.
OTHER_WORDS = frozenset(
    [
        "hello",
        "held",
        "hell",
        "hero",
        "shop",
        "step",
        "spot",
        "slip",
        "skin",
        "skis",
        "ski",
        "menus",
        "venu",
        "tenu",
        "mene",
        "mena",
        "cause",
        "pausa",
        "pauses",
        "pose",
        "casser",
        "masser",
        "lasser",
        "passes",
        "panser",
        "radio",
        "audit",
        "studio",
        "coup",
        "coups",
        "loups",
        "coats",
        "detour",
        "autour",
        "tour",
        "tours",
        "top",
        "sample",
        "humaine",
        "humeur",
        "humour",
        "debuts",
        "debat",
        "rebut",
        "urgent",
        "ecoute",
        "ecouteur",
        "annuaire",
        "annulee",
    ],
)
