"""Why an occupation is shown: reasons taken from what the learner said, each with the answer it quotes."""

from collections.abc import Iterator, Mapping, Sequence

from careers import fit, tables
from careers.heard import SPEAKS, Heard, strong_here
from careers.model import Interests, Occupation, Reason

_HALF = 0.5
_TWO = 2
_FAMILY = 3  # characters
_LONGEST_QUOTE = 60  # characters of the learner's own text that a reason repeats


def name(occupation: Occupation) -> str:
    """Both names, the feminine first for half of the occupations, so that neither is the rule."""
    pair = (occupation.feminine, occupation.masculine)
    if pair[0] == pair[1]:
        return pair[0]
    first, second = pair if fit.chance("order", occupation.id) < _HALF else pair[::-1]
    head, _, tail = first.partition(" ")
    _, _, same = second.partition(" ")
    if tail and tail == same:  # "mécanicienne ou mécanicien moto": what both share is said once
        return f"{head} ou {second}"
    return f"{first} ou {second}"


def reasons(
    occupation: Occupation, interests: Interests, occupations: Mapping[str, Occupation], heard: Heard
) -> list[Reason]:
    """Everything in the learner's answers that speaks for an occupation, strongest first, at most one a kind first."""
    kinds = [list(kind) for kind in _kinds(occupation, interests, occupations, heard)]
    first = [kind[0] for kind in kinds if kind]
    return first + [reason for kind in kinds for reason in kind[1:]]


def _kinds(
    o: Occupation, interests: Interests, occupations: Mapping[str, Occupation], heard: Heard
) -> tuple[Iterator[Reason], ...]:
    """The reasons of each kind, strongest kind first, each worked out only when it is asked for."""
    return (
        _declared(o, interests, occupations),
        _texts(o, heard),
        _wishes(o, heard),
        _liked(o, interests),
        _labs(o, interests),
        _values(o, interests),
        _skills(o, interests),
        _drives(o, interests),
        _kin(o, occupations, heard),
        _text_drive(o, heard),
    )


def _declared(o: Occupation, interests: Interests, occupations: Mapping[str, Occupation]) -> Iterator[Reason]:
    own = interests.reactions.get(o.id)
    if own in SPEAKS:
        yield Reason(f"{own}_occupation", {"occupation": name(o)}, f"job.reactions:{o.id}")
    for other_id, appeal in interests.reactions.items():
        other = occupations.get(other_id)
        if other and other_id != o.id and appeal in SPEAKS and akin(o, other):
            yield Reason(f"{appeal}_occupation", {"occupation": name(other)}, f"job.reactions:{other_id}")


def akin(a: Occupation, b: Occupation) -> bool:
    """Of one family: the same sector and a strong drive in common."""
    return a.sector == b.sector and bool(fit.strong(a) & fit.strong(b))


def close(a: Occupation, b: Occupation) -> bool:
    """Akin, and of one family of trades (the first letters of a ROME code are those of its family)."""
    families = {code[:_FAMILY] for code in a.rome} & {code[:_FAMILY] for code in b.rome}
    return akin(a, b) and bool(families)


def _texts(o: Occupation, heard: Heard) -> Iterator[Reason]:
    for key, linked, quotes in (
        ("own_words", heard.own_words, "interest.self_correction"),
        ("project", heard.project, "project"),
    ):
        if words := linked.get(o.id):
            yield Reason(key, {"words": ", ".join(words)[:_LONGEST_QUOTE]}, quotes)


def _wishes(o: Occupation, heard: Heard) -> Iterator[Reason]:
    for condition, said in heard.wishes.speaking_for(o).items():
        yield Reason("own_words", {"words": said}, f"wish:{condition}")


def _labs(o: Occupation, interests: Interests) -> Iterator[Reason]:
    for domain, place in interests.labs:
        if domain in o.tumo_domains and (not place or o.drives.get(place, 0) >= fit.STRONG):
            key, noted = ("lab_place", {"drive": label("drives", place)}) if place else ("lab", {})
            yield Reason(key, {"domain": domain_label(domain), **noted}, f"session.log:{domain}:{place}")


def _kin(o: Occupation, occupations: Mapping[str, Occupation], heard: Heard) -> Iterator[Reason]:
    """Of the family of something that the learner's own text made one think of; one is enough."""
    others = (occupations[one] for one in heard.linked if one != o.id)
    like = next((other for other in others if akin(o, other)), None)
    if like is not None:
        yield Reason("akin_text", {"occupation": name(like)}, f"text:{like.id}")


def _text_drive(o: Occupation, heard: Heard) -> Iterator[Reason]:
    drive = strong_here(heard, o)
    if drive is not None:
        yield Reason("text_drive", {"drive": label("drives", drive)}, f"text:drive:{drive}")


def _liked(o: Occupation, interests: Interests) -> Iterator[Reason]:
    strong = [item for item in interests.liked if o.drives.get(item[1], 0) >= fit.STRONG]
    for item_id, drive, activity in sorted(strong, key=lambda item: -o.drives[item[1]]):
        _ = drive
        yield Reason("liked_activity", {"activity": activity}, f"interest.item_ratings:{item_id}")


def _values(o: Occupation, interests: Interests) -> Iterator[Reason]:
    for value in interests.values:
        if value in o.values:
            yield Reason("value", {"value": label("values", value)}, f"value.ranking:{value}")


def _skills(o: Occupation, interests: Interests) -> Iterator[Reason]:
    for skill in sorted(o.skills, key=lambda s: -interests.skills.get(s, 0)):
        if interests.skills.get(skill, 0) > 0:
            yield Reason("skill", {"skill": label("skills", skill)}, f"pride.skills:{skill}")


def _drives(o: Occupation, interests: Interests) -> Iterator[Reason]:
    for drive in interests.highlights:
        if o.drives.get(drive, 0) >= fit.STRONG:
            yield Reason("drive", {"drive": label("drives", drive)}, f"interest.highlights:{drive}")


def contrast(
    o: Occupation, interests: Interests, occupations: Mapping[str, Occupation], seed: str
) -> Reason | None:
    """One honest contrast between an occupation and an answer that it has nothing to do with, or None."""
    return next(iter(contrasts(o, interests, occupations, seed)), None)


def contrasts(
    o: Occupation, interests: Interests, occupations: Mapping[str, Occupation], seed: str
) -> list[Reason]:
    """Every honest contrast, the vivid ones first, in an order that the seed decides."""
    vivid = ("contrast_activity", "contrast_drive")
    found = [*_contrasts(o, interests), *_from_liked(o, interests, occupations), *_from_told(o, interests)]
    return sorted(found, key=lambda one: (one.key not in vivid, fit.chance(seed, o.id + one.quotes)))


def _contrasts(o: Occupation, interests: Interests) -> Iterator[Reason]:
    drive = label("drives", fit.first_drives(o)[0])
    strong = fit.strong(o)
    for item_id, its_drive, activity in interests.liked:
        if its_drive not in strong:
            values = {"activity": activity, "drive": drive}
            yield Reason("contrast_activity", values, f"interest.item_ratings:{item_id}")
    for other in interests.highlights:
        if other not in strong:
            values = {"drive": drive, "other": label("drives", other)}
            yield Reason("contrast_drive", values, f"interest.highlights:{other}")
    for value in interests.values:
        if value not in o.values:
            yield Reason(
                "contrast_value", {"value": label("values", value), "drive": drive}, f"value.ranking:{value}"
            )
    for skill, proofs in interests.skills.items():
        if proofs and skill not in o.skills:
            yield Reason(
                "contrast_skill", {"skill": label("skills", skill), "drive": drive}, f"pride.skills:{skill}"
            )


def _from_told(o: Occupation, interests: Interests) -> Iterator[Reason]:
    drive = label("drives", fit.first_drives(o)[0])
    for words, quotes in ((interests.project, "project"), (interests.own_words, "interest.self_correction")):
        if words:
            yield Reason("contrast_project", {"words": shortened(words), "drive": drive}, quotes)
    for domain, place in interests.labs:
        if domain not in o.tumo_domains:
            values = {"domain": domain_label(domain), "drive": drive}
            yield Reason("contrast_lab", values, f"session.log:{domain}:{place}")


def _from_liked(
    o: Occupation, interests: Interests, occupations: Mapping[str, Occupation]
) -> Iterator[Reason]:
    first = fit.first_drives(o)[0]
    for one, appeal in interests.reactions.items():
        other = occupations.get(one)
        if other and appeal in SPEAKS and first not in fit.strong(other):
            values = {"occupation": name(other), "drive": label("drives", first)}
            yield Reason("contrast_liked", values, f"job.reactions:{one}")


def contrast_linked(o: Occupation, occupations: Mapping[str, Occupation], heard: Heard) -> Iterator[Reason]:
    """What the learner's own text made one think of, which this occupation is unlike; one is enough."""
    others = (occupations[one] for one in heard.linked if one != o.id)
    unlike = next((other for other in others if not akin(o, other)), None)
    if unlike is not None:
        values = {"occupation": name(unlike), "drive": label("drives", fit.first_drives(o)[0])}
        yield Reason("contrast_linked", values, f"text:{unlike.id}")


def shortened(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """A text of at most so many characters, cut between two words, on one line."""
    plain = " ".join(text.split())
    if len(plain) <= longest:
        return plain
    return plain[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:(«") + "…"


def discovery() -> tuple[Reason, ...]:
    """The reason of a list made for somebody who has not said enough yet."""
    return (Reason("discovery"),)


def doubt(o: Occupation) -> Reason:
    return Reason("minus", {"text": o.minus}, f"occupation.minus:{o.id}")


def label(kind: str, code: str) -> str:
    """The French name of a drive, value or skill; a word of the learner's own stays as it is."""
    return tables.labels()[kind].get(code, code)


def domain_label(domain: str) -> str:
    """The French name of a TUMO theme."""
    return tables.domain_labels().get(domain, domain)


def two(found: Sequence[Reason]) -> tuple[Reason, ...]:
    """The two strongest, which never quote the same answer, nor the same word of a text twice."""
    kept: list[Reason] = []
    for reason in found:
        again = any(reason.quotes == other.quotes or _repeats(reason, other) for other in kept)
        if not again and len(kept) < _TWO:
            kept.append(reason)
    return tuple(kept)


def _repeats(one: Reason, other: Reason) -> bool:
    words = one.values.get("words")
    return words is not None and words in other.values.get("words", "").split(", ")
