"""What the chat says to a member of staff about the agenda: lists, one gathering, what was understood. French; no names of learners."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.application import agenda_words
from bot.application.agenda_ahead import Ahead, in_words
from bot.application.agenda_words import counted
from bot.application.rights import Act, Actor, may
from bot.application.staff_words import EXAMPLE
from storage.gatherings import Details, Gathering
from storage.participations import Standing

HELP = (
    "Ce que je comprends ici, dans l’ordre que vous voulez :\n"
    "/agenda : les dix prochains\n"
    "/agenda 12 : le n° 12\n"
    f"{EXAMPLE}\n"
    "/agenda déplacer 12 jeudi 14/1 15h\n"
    "/agenda lieu 12 salle C\n"
    "/agenda annuler 12 la raison, que les jeunes liront\n"
    "/agenda rétablir 12\n"
    "/agenda confirmer 12 : la date est vérifiée\n"
    "/agenda places 12 20\n"
    "/agenda présents 12"
)
NOT_UNDERSTOOD = "Je n’ai pas compris la commande. « /agenda aide » les montre toutes."
NUMBER_MISSING = "De quel numéro s’agit-il ? « /agenda » montre les numéros."
ANSWER_HERE = "Répondez simplement ici, ou redites toute la commande."
SAY_AGAIN = "Redites la commande entière avec ce qui manque."
GONE = "Cette question n’attend plus de réponse. « /agenda » montre où on en est."
TOO_LATE = (
    "Cette question a plus de dix minutes : rien n’est changé. Refaites la commande si c’est toujours utile."
)
CHANGED = "Ce rendez-vous a changé entre-temps : rien n’est fait. Voici où il en est."
DROPPED = "D’accord, rien n’est changé."
NOTHING_COMES = f"Rien n’est prévu. Pour ajouter :\n{EXAMPLE}"
ALREADY_SO = "C’est déjà ainsi : rien à changer."
_MAY = {
    Act.SEE_AGENDA: "voir l’agenda d’équipe",
    Act.WRITE_AGENDA: "changer l’agenda",
    Act.MOVE_GATHERING: "déplacer un rendez-vous",
    Act.CANCEL_GATHERING: "annuler un rendez-vous",
}


def not_allowed(act: Act, roles: str) -> str:
    """Kindly: what these roles do not do, and whom to ask."""
    what = _MAY.get(act, "faire cela")
    return f"Votre rôle ({roles}) ne permet pas de {what}. Une personne de l’équipe peut le faire pour vous."


def unknown(number: int) -> str:
    """There is no such number."""
    return f"Je ne trouve pas de n° {number}. « /agenda » montre les numéros."


def team(actor: Actor, roles: str) -> str:
    """Who somebody is here."""
    said = f"Vous êtes {actor.label}. Vos rôles : {roles}."
    if may(actor, Act.SEE_AGENDA):
        said += (
            "\n« /agenda » montre les dix prochains rendez-vous, « /agenda aide » tout ce que je comprends."
        )
    return said


def listed(found: Sequence[Gathering], counts: Mapping[str, Mapping[Standing, int]], today: date) -> str:
    """Several gatherings, two lines each."""
    return "\n\n".join(_short(one, counts.get(one.id, {}), today) for one in found) or NOTHING_COMES


def _short(one: Gathering, counts: Mapping[Standing, int], today: date) -> str:
    marks = [agenda_words.places(one, counts)]
    if not one.planned:
        marks = ["annulé"]
    elif not one.confirmed:
        marks.append("à vérifier")
    return f"n° {one.number}, {agenda_words.when(one, today)}\n{agenda_words.title(one)} : {', '.join(marks)}"


def whole(one: Gathering, counts: Mapping[Standing, int], today: date, link: str) -> str:
    """One gathering, with the way to its page."""
    lines = [f"n° {one.number}", *_lines(one.details, today), agenda_words.places(one, counts)]
    if not one.planned:
        lines.append("annulé" + (f" : {one.why}" if one.why else ""))
    if checked := agenda_words.checked(one, today):
        lines.append(checked)
    return "\n".join([*lines, f"Qui vient, la liste, le code QR : {link}"])


def presence(one: Gathering, counts: Mapping[Standing, int], link: str) -> str:
    """How many came: numbers only."""
    came, expected = counts.get(Standing.CAME, 0), counts.get(Standing.GOING, 0)
    missed = counts.get(Standing.MISSED, 0)
    said = f"n° {one.number}, {agenda_words.title(one)} : {counted(came + expected + missed, 'jeune inscrit', 'jeunes inscrits')}, {counted(came, 'noté là', 'notés là')}."  # fmt: skip
    return f"{said}\nLa liste à cocher et le code QR : {link}"


def understood(
    details: Details, ahead: Ahead, today: date, *, confirmed: bool, domain: str, group: str
) -> str:
    """What was understood of a gathering to add, and what will happen."""
    lines = ["J’ai compris :", *_lines(details, today)]
    if details.capacity is not None:
        lines.append(
            counted(details.capacity, "place")
            + (
                ", vous choisissez selon la motivation"
                if details.chosen
                else ", avec liste d’attente"
                if details.waiting
                else ", sans liste d’attente"
            )
        )
    elif details.chosen:
        lines.append("Vous choisissez selon la motivation")
    else:
        lines.append("Sans limite de places")
    lines += [f"Thème : {domain}"] if domain else []
    lines += [f"Âges : {details.bands.replace(' ', ', ')} ans"] if details.bands else []
    lines += [f"Pour le groupe {group}"] if group else []
    if not confirmed:
        lines.append("À vérifier (ajoutez « confirmé » si la date est sûre)")
    return "\n".join([*lines, *ahead.notes, "", "Je l’ajoute ?"])


def change(held: Gathering, details: Details, ahead: Ahead, today: date) -> str:
    """Before and after, who will be told, and the question."""
    before, after = agenda_words.when(held, today), agenda_words.when(details, today)
    lines = [f"n° {held.number}, {agenda_words.title(held)}"]
    lines.append(f"{before} → {after}" if before != after else before)
    if held.details.place != details.place:
        lines.append(f"{held.details.place or 'sans lieu'} → {details.place or 'sans lieu'}")
    if held.details.capacity != details.capacity:
        lines.append(f"{_room(held.details)} → {_room(details)}")
    return "\n".join([*lines, *ahead.notes, in_words(ahead), "", "Je le fais ?"])


def cancel(held: Gathering, ahead: Ahead, why: str, today: date) -> str:
    """What is cancelled, who will be told, and the question."""
    lines = [
        f"n° {held.number}, {agenda_words.title(held)}",
        agenda_words.when(held, today),
        f"Les jeunes liront : « {why} »" if why else "Sans raison donnée aux jeunes.",
        in_words(ahead),
        "",
        "J’annule ce rendez-vous ?",
    ]
    return "\n".join(lines)


def restore(held: Gathering, ahead: Ahead, today: date) -> str:
    """What takes place after all, who will be told, and the question."""
    lines = [f"n° {held.number}, {agenda_words.title(held)}", agenda_words.when(held, today), in_words(ahead)]
    return "\n".join([*lines, "", "Je le rétablis ?"])


def told(number: int) -> str:
    """Who is being told, once it is done."""
    if not number:
        return "Personne n’était à prévenir."
    return f"{counted(number, 'jeune est prévenu', 'jeunes sont prévenus')}, pas la nuit ni pendant les cours, sauf si c’est aujourd’hui."


def _lines(details: Details, today: date) -> list[str]:
    found = [agenda_words.title(details), agenda_words.when(details, today)]
    return [*found, *([details.place] if details.place else []), *([details.about] if details.about else [])]


def _room(details: Details) -> str:
    return "sans limite" if details.capacity is None else counted(details.capacity, "place")
