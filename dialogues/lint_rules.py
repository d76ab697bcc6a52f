"""The rules of the check: for each code its French sentence, whether it refuses the page, and where it comes from."""

import re
from dataclasses import dataclass

from dialogues.reader import Problem


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `sentence` has its holes filled by whoever finds the problem. An `error` refuses the page."""

    code: str
    sentence: str
    error: bool = True


_ERRORS = {
    "D001": "La page n'a pas de titre. Commence par une ligne `# Titre`.",
    "D002": "Il manque « {field} » dans la ligne d'en-tête (`page`, `tâche`, `champ`, `durée`, `âge`).",
    "D003": "Tranche d'âge impossible : {text}. Écris par exemple `âge 13-18`, entre 12 et 18.",
    "D004": "Je ne connais pas la consigne `{text}`. Ce qui est entre accents graves est pour la machine.",
    "D005": "L'accent grave ouvert à cette ligne n'est pas fermé.",
    "D006": "La condition `{text}` n'est pas complète ou pas permise.",
    "D007": "Le moment « {name} » existe déjà, ligne {line}.",
    "D008": "La clé « {key} » sert à deux boutons du même moment.",
    "D009": "Le bouton mène à « #{name} », un moment qui n'existe pas.",
    "D011": "Depuis « {name} », on ne peut plus arriver à la fin.",
    "D012": "Le bouton « {label} » fait {n} caractères. Le maximum est 28.",
    "D013": "Cette bulle fait {n} caractères. Le maximum est 240.",
    "D014": "{n} boutons ici. Le maximum est 6.",
    "D015": "Un choix demande au moins deux boutons.",
    "D016": "La variable « {name} » n'est pas déclarée.",
    "D017": "Le paquet de cartes « {name} » n'existe pas.",
    "D018": "La carte « {key} » n'est pas dans le paquet « {deck} ».",
    "D019": "Personne ne sait faire « {name} ». Les mots possibles après `faire` : {names}.",
    "D020": "Je ne connais pas la règle « {name} ». Les mots possibles après `selon` : {names}.",
    "D021": "La sortie « {outcome} » de « {name} » n'est pas prévue.",
    "D024": "Sans les pages qui manquent, ce choix n'a plus de bouton.",
    "D025": "On tutoie : remplace « {word} ».",
    "D026": "Pas de verdict : « {text} ». Dis plutôt « tu as dit… ».",
    "D027": "Pas de point médian : « {word} ». Écris les deux mots ou un mot neutre.",
    "D030": "La version simple est plus longue que la normale.",
    "D032": "La réponse privée « {name} » ne peut pas figurer sur une carte partagée.",
    "D033": "« {name} » est une donnée protégée : une recherche de métiers n'y a pas droit.",
    "D034": "La liste de boutons et la consigne ne vont pas ensemble : {text}",
    "D035": "Il faut un nombre ici : {text}",
    "D037": "L'accord `{text}` demande trois formes : féminin | masculin | neutre.",
    "D040": "Ce mot presse ou compare : « {word} ».",
    "D041": "Un lien `{text}` sort du site : les liens vont vers `#moment`, `page.md` ou `#fin`.",
    "D044": "`pour chaque` demande une liste et un maximum.",
    "D045": "Deux consignes de question dans le même moment : une question à la fois.",
    "D047": "L'événement « {name} » n'est pas connu.",
    "D048": "Une case « {key} » sans libellé.",
    "D049": "Laisse une ligne vide après la note `>` : sinon, cette ligne disparaît avec elle.",
    "D050": "Les jeunes liraient « {text} » tel quel. Une consigne va entre accents graves, un mot à remplir entre accolades.",
}

_WARNINGS = {
    "D010": "Le moment « {name} » n'est jamais atteint.",
    "D022": "La sortie « {outcome} » n'existe pas pour « {name} ».",
    "D023": "La page « {name} » n'existe pas encore : le bouton sera caché.",
    "D028": "{n} bulles de suite avant de rendre la main. Le maximum est 2.",
    "D029": "Cette phrase fait {n} mots. Vise 12, plafond 15.",
    "D031": "Cette question est personnelle et rien ne permet de dire « je ne sais pas ».",
    "D036": "Le texte parle de {name}, que rien ne remplit avant.",
    "D038": "La durée annoncée ({n} min) ne colle pas au nombre d'étapes.",
    "D039": "Plus de deux textes libres d'affilée : intercale des boutons.",
    "D042": "La page n'a pas de transcription : `tests/transcripts/{page}/`.",
    "D043": "La page a changé depuis sa transcription. Relance `make record` et relis la différence.",
    "D046": "Pas d'intention : une ligne `> Intention : …` aide les collègues.",
}

RULES: dict[str, Rule] = {code: Rule(code, sentence) for code, sentence in _ERRORS.items()} | {
    code: Rule(code, sentence, error=False) for code, sentence in _WARNINGS.items()
}

# What the reader of pages calls its problems. All others are D004: words that the machine does not know.
_READER = {
    "condition": "D006",
    "conditions": "D006",
    "duplicate_moment": "D007",
    "duplicate_key": "D008",
    "no_items": "D034",
    "items_unused": "D034",
    "step_form": "D034",
    "step_numbers": "D035",
    "accord": "D037",
    "link": "D041",
    "repeat": "D044",
    "two_steps": "D045",
    "item_empty": "D048",
}
_TICKED = re.compile(r"`([^`]*)`")
_QUOTED = re.compile(r"« (.*?) »")
_FOUND_HERE = frozenset(
    {"head_missing", "duplicate_moment"}
)  # the check finds these by itself, in more detail
_TEXT_IN_TICKS = frozenset({"unknown_code", "head_code", "condition"})
_WITHOUT_HOLES = frozenset({"D044", "D045"})


def problem(code: str, at: int, /, **values: object) -> Problem:
    """A problem of that rule at a line, in its French sentence."""
    return Problem(code, max(at, 1), RULES[code].sentence.format(**values))


def is_error(found: Problem) -> bool:
    """Whether a problem refuses its page. Codes that are no rule (damaged decks, phrases) always do."""
    rule = RULES.get(found.code)
    return rule is None or rule.error


def translated(found: Problem) -> Problem | None:
    """A problem of the reader as one of the rules; None for those that the check finds by itself."""
    if found.code in _FOUND_HERE:
        return None
    message = found.message_fr
    ticked, quoted = _first(_TICKED, message), _first(_QUOTED, message)
    wrong_age = found.code == "head_code" and ticked.startswith("âge")
    code = "D003" if wrong_age else _READER.get(found.code, "D004")
    if found.code in _TEXT_IN_TICKS:
        return problem(code, found.line, text=ticked)
    if code in ("D008", "D048"):
        return problem(code, found.line, key=quoted if code == "D008" else "…")
    if code in ("D034", "D035", "D041"):
        return problem(code, found.line, text=quoted if code == "D041" else message)
    if code in _WITHOUT_HOLES:
        return problem(code, found.line)
    return Problem(code, max(found.line, 1), message)  # says more precisely what was stumbled on


def _first(pattern: re.Pattern[str], message: str) -> str:
    found = pattern.search(message)
    return found[1].strip() if found else message
