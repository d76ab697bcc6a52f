"""What two versions of a page change for the learner, in French sentences."""

from collections.abc import Iterator

from dialogues.model import Bubble, Choice, Comparison, Condition, Dialogue, Moment, Step, Target, TargetKind

_COMPARED = {
    Comparison.SET: "si {0}",
    Comparison.UNSET: "si pas {0}",
    Comparison.EQUAL: "si {0} = {1}",
    Comparison.CONTAINS: "si {0} contient {1}",
    Comparison.AT_LEAST: "si {0} >= {1}",
}


def differences(old: Dialogue, new: Dialogue) -> list[str]:
    """One sentence for each change that a learner may notice; none when only notes for colleagues changed."""
    return list(_changes(old, new))


def _changes(old: Dialogue, new: Dialogue) -> Iterator[str]:
    yield from _head(old, new)
    renamed = _renamed(old, new)
    for before, after in renamed.items():
        yield f"Le moment « {before} » s'appelle maintenant « {after} »."
    for moment in old.moments:
        if new.moment(moment.name) is None and moment.name not in renamed:
            yield f"Le moment « {moment.name} » disparaît{_opening(moment)}. Qui s'y était arrêté reprend juste avant."
    for moment in new.moments:
        if old.moment(moment.name) is None and moment.name not in renamed.values():
            yield f"Nouveau moment « {moment.name} »{_opening(moment)}."
    for moment in old.moments:
        twin = new.moment(renamed.get(moment.name, moment.name))
        if twin is not None:
            yield from (f"{twin.name} : {change}" for change in _moment(moment, twin))
    yield from _order(old, new)


def _head(old: Dialogue, new: Dialogue) -> Iterator[str]:
    if old.title != new.title:
        yield f"Le titre « {old.title} » devient « {new.title} »."
    if old.minutes != new.minutes:
        yield f"La durée annoncée passe de {old.minutes} à {new.minutes} min."
    if old.ages != new.ages:
        yield f"L'âge passe de {old.ages[0]}-{old.ages[1]} à {new.ages[0]}-{new.ages[1]} ans."


def _renamed(old: Dialogue, new: Dialogue) -> dict[str, str]:
    """Moments that kept their words and question under another name."""
    gone = [moment for moment in old.moments if new.moment(moment.name) is None]
    come = [moment for moment in new.moments if old.moment(moment.name) is None]
    found: dict[str, str] = {}
    for before in gone:
        for after in come:
            same = _words(before) == _words(after) and (before.bubbles or before.choices or before.step)
            if same and after.name not in found.values():
                found[before.name] = after.name
                break
    return found


def _words(moment: Moment) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    bubbles = tuple(bubble.text for bubble in moment.bubbles)
    labels = tuple(choice.label for choice in moment.choices)
    return bubbles, labels, _step(moment.step)


def _opening(moment: Moment) -> str:
    if moment.bubbles:
        return f" (« {moment.bubbles[0].text} »)"
    return ""


def _moment(old: Moment, new: Moment) -> Iterator[str]:
    if old.condition != new.condition:
        yield f"s'ouvre maintenant {_condition(new.condition)} (avant : {_condition(old.condition)})."
    yield from _bubbles(old.bubbles, new.bubbles)
    if _step(old.step) != _step(new.step):
        yield f"la question « {_step(old.step)} » devient « {_step(new.step)} »."
    if old.step is not None and new.step is not None:
        if old.step.text != new.step.text:
            yield f"la carte dit maintenant « {new.step.text} » (avant : « {old.step.text} »)."
        if old.step.private != new.step.private:
            yield "la réponse devient privée." if new.step.private else "la réponse n'est plus privée."
    yield from _choices(old.choices, new.choices)
    if old.goto != new.goto:
        yield f"mène ensuite {_target(new.goto)} (avant : {_target(old.goto)})."


def _bubbles(old: tuple[Bubble, ...], new: tuple[Bubble, ...]) -> Iterator[str]:
    before = {bubble.text: bubble for bubble in old}
    after = {bubble.text: bubble for bubble in new}
    gone = [text for text in before if text not in after]
    come = [text for text in after if text not in before]
    for was, now in zip(gone, come, strict=False):
        yield f"« {was} » devient « {now} »."
    for text in gone[len(come) :]:
        yield f"ne dit plus « {text} »."
    for text in come[len(gone) :]:
        yield f"dit aussi « {text} »."
    for text, bubble in after.items():
        was_bubble = before.get(text)
        if was_bubble is None:
            continue
        if was_bubble.condition != bubble.condition:
            yield f"« {text} » se dit maintenant {_condition(bubble.condition)}."
        if was_bubble.simple != bubble.simple:
            yield f"en textes très simples, « {text} » se dit « {bubble.simple or text} »."


def _choices(old: tuple[Choice, ...], new: tuple[Choice, ...]) -> Iterator[str]:
    before = {choice.key: choice for choice in old}
    after = {choice.key: choice for choice in new}
    for key, choice in before.items():
        if key not in after:
            yield f"le bouton [{choice.label}] disparaît."
    for key, choice in after.items():
        was = before.get(key)
        if was is None:
            yield f"nouveau bouton [{choice.label}], qui mène {_target(choice.target)}."
        else:
            yield from _button(was, choice)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield "les boutons changent d'ordre."


def _button(was: Choice, now: Choice) -> Iterator[str]:
    if was.label != now.label:
        yield f"le bouton [{was.label}] s'appelle maintenant [{now.label}]."
    if was.target != now.target:
        yield f"le bouton [{now.label}] mène {_target(now.target)} (avant : {_target(was.target)})."
    if was.condition != now.condition:
        yield f"le bouton [{now.label}] se montre {_condition(now.condition)}."
    if [reply.text for reply in was.replies] != [reply.text for reply in now.replies]:
        said = " ".join(reply.text for reply in now.replies)
        answer = f"répond « {said} »." if said else "ne répond plus rien."
        yield f"à [{now.label}], le robot {answer}"


def _order(old: Dialogue, new: Dialogue) -> Iterator[str]:
    kept = [moment.name for moment in old.moments if new.moment(moment.name) is not None]
    if kept != [moment.name for moment in new.moments if old.moment(moment.name) is not None]:
        yield "Les moments changent d'ordre."


def _step(step: Step | None) -> str:
    if step is None:
        return "rien"
    numbers = [str(number) for number in (step.minimum, step.maximum, step.max_chars, step.count) if number]
    source = f"depuis {step.deck} {' '.join(step.deck_keys)}".strip() if step.deck else ""
    return " ".join(
        part for part in (str(step.kind), step.name, step.variable or "", *numbers, source) if part
    )


def _target(target: Target | None) -> str:
    if target is None:
        return "au moment suivant"
    if target.kind is TargetKind.MOMENT:
        return f"à « {target.name} »"
    return f"à la page {target.name}" if target.kind is TargetKind.PAGE else "à la fin"


def _condition(condition: Condition | None) -> str:
    if condition is None:
        return "toujours"
    return _COMPARED[condition.comparison].format(condition.variable, condition.value)
