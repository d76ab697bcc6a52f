"""The few things people say to a bot beside the question: are you human, thanks, an insult, homework, a joke."""

import re

from dialogues.understand import fold

# Each pattern must fit the whole text: an answer that merely contains such words stays an answer.
_WHO = (
    r"(un |une |vrai |vraie )*(robot|bot|humain|humaine|ia|machine|ordinateur|ordi|chatgpt|chat gpt|personne)"
)
_TAIL = r"( ou (" + _WHO + r"|non|pas|quoi))?( (reel|reelle|toi|hein|la|en vrai|en fait|stp|derriere))*"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "are_you_human",
        r"((dis|he|euh|mais|attends|donc|en fait|wsh|frere) )*(est ce que )?"
        r"(t es|tu es|es tu|t|c est|est ce|vous etes|je parle a|je parle avec|tu serais|tu serais pas|t es pas|tu es pas|"
        r"t es vraiment|tu es vraiment|t es juste|tu es juste) " + _WHO + _TAIL,
    ),
    (
        "are_you_human",
        r"(est ce que )?(tu es|t es|es tu|c est) (reel|reelle|vivant|vivante|quelqu un|une vraie personne)"
        + _TAIL,
    ),
    (
        "are_you_human",
        r"(il y a|y a|ya|c est) (quelqu un|un humain|une personne|un vrai humain)( qui (lit|repond|parle))?"
        + _TAIL,
    ),
    ("are_you_human", r"qui (es tu|t es|tu es|me parle|me repond|parle|repond|est la)" + _TAIL),
    ("are_you_human", r"(t es|tu es|es tu|c est) qui" + _TAIL),
    ("are_you_human", _WHO + r" ou " + _WHO),
    (
        "thanks",
        r"(ok |super |ah )?(merci|mrc|thx|thanks)( (beaucoup|bcp|bien|a toi|bot|boussole|infiniment))?",
    ),
    (
        "insult",
        (
            r"(t es |tu es |espece de |espece d |sale |gros |grosse )*(connard|connasse|debile|idiot|idiote|naze|merde|pute|"
            r"salope|batard|encule|fdp|ntm|tg|ta gueule|ferme la|va te faire( foutre)?|con|conne)( le bot| bot)?"
        ),
    ),
    (
        "homework",
        (
            r"(tu peux |peux tu |aide moi a |aide moi pour |fais moi |fais |faire )+(faire |fais )?(mes|mon|ma) "
            r"(devoirs?|dissert|dissertation|interro|exos?|exercices?|redac|redaction)( (de|en) \w+)?"
        ),
    ),
    ("joke", r"(raconte|fais|dis|t as)( moi)? (une|ta) blague( .{1,20})?"),
)
_COMPILED = tuple((key, re.compile(pattern)) for key, pattern in _PATTERNS)
_LONGEST = 80  # characters; small talk is short


def reply(text: str) -> str | None:
    """The microcopy key that answers this text, or None when it is no small talk."""
    if len(text) > _LONGEST:
        return None
    folded = re.sub(r"[^a-z0-9 ]+", " ", fold(text))
    folded = re.sub(r" +", " ", folded).strip()
    if folded.startswith("c est") and "?" not in text:  # « c'est un robot » may well be what somebody made
        return None
    return next((key for key, pattern in _COMPILED if pattern.fullmatch(folded)), None)
