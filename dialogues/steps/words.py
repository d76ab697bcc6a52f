"""Steps answered by writing or sending: a short text, several lines, a picture or a link."""

import re
from typing import Any

from dialogues.events import Attached, Input, Option, Picked, Typed
from dialogues.model import Moment, Step
from dialogues.profile import Kind
from dialogues.steps.base import AGAIN, DONE, MISSED, WAIT, Outcome, done
from dialogues.steps.play import Play
from dialogues.steps.values import parse_path
from dialogues.understand import fold

FINISHED = frozenset(
    {
        "c est bon",
        "cest bon",
        "fini",
        "termine",
        "c est tout",
        "cest tout",
        "stop la",
        "done",
        "voila",
        "c bon",
        "j ai fini",
    }
)
DONE_KEY = "done"
SHORT_REFUSAL = 6  # words
_NOTHING = frozenset({"non", "nn", "nan", "nop", "nope", "no", "rien", "aucun", "aucune", "pas"})

# Control characters would end up in databases and pictures; new lines and tabs become spaces.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b\ufeff\ud800-\udfff]+")
_SPACES = re.compile(r"\s+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'{}|\\^`]+\.[^\s<>\"'{}|\\^`]+", re.IGNORECASE)
LONGEST_URL = 500


def clean(text: str) -> str:
    """One line of what the learner wrote, without control characters or stray spaces."""
    return _SPACES.sub(" ", _CONTROL.sub(" ", text)).strip()


def refused(play: Play, step: Step, text: str) -> bool:
    """Say kindly why a text cannot be kept, if it cannot."""
    if not text:
        play.remark("empty_text")
        return True
    if step.max_chars and len(text) > step.max_chars:
        play.remark("too_long", max=step.max_chars)
        return True
    return False


class ShortText:
    """`texte`."""

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return WAIT

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        del moment
        play.ask(step, max_chars=step.max_chars, accepts_text=True, current=current, minimum=1)

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        if not isinstance(given, Typed):
            return MISSED
        text = clean(given.text)
        if refused(play, step, text):
            return AGAIN
        play.keep(moment, step, text)
        return done(answer=(text,))

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE


class Lines:
    """`liste`: one message after the other, then "c'est bon"."""

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del moment, step
        play.progress["count"] = 0
        return WAIT

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        del moment
        count = int(play.progress.get("count", 0))
        enough = count >= max(step.minimum, 1)
        finish = (Option(DONE_KEY, play.phrase("list.done")),) if enough or not step.minimum else ()
        play.ask(
            step,
            options=finish,
            minimum=step.minimum,
            maximum=step.maximum,
            max_chars=step.max_chars,
            accepts_text=True,
            position=(count + 1, step.maximum) if step.maximum else None,
            current=current,
        )

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        count = int(play.progress.get("count", 0))
        if _finished(given):
            if count < step.minimum:
                play.remark("list_min", min=step.minimum)
                return AGAIN
            return DONE
        if not isinstance(given, Typed):
            return MISSED
        text = clean(given.text)
        if refused(play, step, text):
            return AGAIN
        self._add(play, moment, step, text)
        play.progress["count"] = count + 1
        if step.maximum and count + 1 >= step.maximum:
            return done(answer=(text,))
        play.remark("list_more")
        return Outcome(WAIT.after, answer=(text,))

    def _add(self, play: Play, moment: Moment, step: Step, text: str) -> None:
        variable = step.variable or ""
        base = parse_path(variable).base
        if play.values.kind(base) is Kind.RECORDS:
            play.values.open_record(base)
            play.values.write(
                variable if variable != base else f"{base}.{moment.name}", text, private=step.private
            )
        else:
            play.append(variable, text, private=step.private)

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE


def _finished(given: Input) -> bool:
    if isinstance(given, Picked):
        return given.keys == (DONE_KEY,)
    return isinstance(given, Typed) and fold(given.text) in FINISHED


class Media:
    """`média`: a picture kept by the application, or a link; always optional. With `max N`, a few words do as well."""

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return WAIT

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        del moment
        play.ask(
            step,
            accepts_text=True,
            accepts_media=True,
            max_chars=step.max_chars,
            current=current,
            minimum=0,
        )

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        if isinstance(given, Typed) and _nothing_to_show(given.text):
            return DONE
        kept = _media(given)
        if kept is None and step.max_chars and isinstance(given, Typed):
            return self._words(play, moment, step, clean(given.text))
        if kept is None and play.progress.get("unclear"):
            return DONE  # said once what fits here; nobody is held up by something optional
        if kept is None:
            play.progress["unclear"] = True
            play.remark("media_unclear")
            return AGAIN
        play.keep(moment, step, kept)
        return done(answer=(kept.get("media_id") or kept.get("url") or "",))

    def _words(self, play: Play, moment: Moment, step: Step, text: str) -> Outcome:
        if refused(play, step, text):
            return AGAIN
        play.keep(moment, step, text)
        return done(answer=(text,))

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE


def _nothing_to_show(text: str) -> bool:
    """A few words with a refusal in them: "nn", "j'ai pas de photo"."""
    said = fold(text).split()
    return len(said) <= SHORT_REFUSAL and not _NOTHING.isdisjoint(said)


def _media(given: Input) -> dict[str, Any] | None:
    """What is kept: {media_id} or {url}, with a caption when there is one. Only http and https links."""
    if isinstance(given, Attached):
        caption = clean(given.caption)[:240]
        extra = {"caption": caption} if caption else {}
        if given.media_id:
            return {"media_id": given.media_id, **extra}
        url = _link(given.url)
        return {"url": url, **extra} if url else None
    url = _link(given.text) if isinstance(given, Typed) else ""
    return {"url": url} if url else None


def _link(text: str) -> str:
    found = _URL.search(clean(text))
    if found is None or len(found[0]) > LONGEST_URL:
        return ""
    url = found[0].rstrip(".,;:!?)»")
    return url if url.lower().startswith("http") else f"https://{url}"
