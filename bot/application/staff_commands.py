"""Commands of the centre's people in a private chat: « /equipe » and « /agenda », and the questions they lead to.

Only from a joined address; whatever else comes from there is an ordinary conversation.
"""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from bot.application import channels, planning, replies, safety, staff_acts, staff_say, staff_words, team
from bot.application.happenings import CannotPlan
from bot.application.messages import Answer, Body, Incoming, Message, Press, Screen, Text, View
from bot.application.rights import Act, Actor, NotAllowed, require
from bot.application.services import Services
from bot.application.staff_acts import LABELS
from bot.application.staff_replies import Pending, Reply
from dialogues.events import Asked, Option
from dialogues.model import StepKind
from dialogues.understand import fold
from storage import conversations, desk, gatherings, inbox, outbox, participations
from storage.desk import Question
from storage.errors import Conflict
from storage.outbox import NewRow
from storage.unit_of_work import UnitOfWork

MARK = "staff-"  # how the id of one of our screens begins: buttons need no memory to be told apart
WAITS = timedelta(minutes=10)
OF_NO_USE = timedelta(hours=1)  # an answer that late would only confuse
LISTED, AHEAD = 10, timedelta(days=400)
LONGEST = 2_000  # characters of a command
MOST_ADDRESSES = 1_000
YES = frozenset({"oui", "ok", "d accord", "yes", "go", "vas y", "allez y", "ajouter", "ajoute", "confirme", "confirmer", "deplacer"})  # fmt: skip
NO = frozenset({"non", "annuler", "annule", "no", "rien", "ne rien faire", "laisse", "laissez"})


def is_ours(screen: str) -> bool:
    """Whether a screen's id is that of a question to staff."""
    return screen.startswith(MARK)


class Waiting:
    """Which addresses were asked something lately: their next words may be the answer.

    In memory only: after a crash the buttons still work, the words « oui » and « non » do not.
    """

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def put(self, address: str, until: datetime | None) -> None:
        """Words of this address count until then; None: they do not."""
        self._until.pop(address, None)
        if until is not None:
            self._until[address] = until
        while len(self._until) > MOST_ADDRESSES:
            del self._until[next(iter(self._until))]

    def has(self, address: str, now: datetime) -> bool:
        """Whether words of this address may be an answer."""
        until = self._until.get(address)
        return until is not None and now < until


def concerns(body: Body | None, address: str, waiting: Waiting, now: datetime) -> bool:
    """Whether a message may be for the people of the centre; `handle` looks whose it is."""
    match body:
        case Text(text=text):
            return staff_words.is_command(text) or waiting.has(address, now)
        case Press(screen=screen):
            return is_ours(screen)
        case _:
            return False


def ordinary(body: Body) -> Body:
    """What such a message is for somebody who is not of the centre: a bare command is a word, the rest stays as typed."""
    bare = {"list": "agenda", "team": "menu"}
    order = staff_words.order(body.text) if isinstance(body, Text) else None
    return Text(bare[order.act]) if order is not None and order.act in bare else body


def handle(services: Services, waiting: Waiting, incoming: Incoming, row: int | None = None) -> Answer | None:
    """Do what a member of staff says, in one transaction with the answer; None when it is for the conversation.

    A second delivery, another tap and a process killed in between have one effect: the answer to a question is a row
    that can be added only once, in the transaction of the act.
    """
    if not concerns(incoming.body, incoming.address, waiting, services.now()):
        return None
    joined = _join(services, incoming, row)
    if joined is not None:
        return joined
    try:
        return _handle(services, waiting, incoming, row)
    except Conflict:  # a colleague was faster by a moment: look again
        return _handle(services, waiting, incoming, row)


def _join(services: Services, incoming: Incoming, row: int | None) -> Answer | None:
    """« /equipe CODE »: from anybody, since nobody is known before."""
    body = incoming.body
    order = staff_words.order(body.text) if isinstance(body, Text) else None
    if order is None or order.act != "code" or incoming.channel not in channels.PLATFORMS:
        return None
    if safety.read(order.words, services.now()).level:
        return None
    done = team.join_chat(services, incoming.channel, incoming.address, order.words)
    if row is not None:
        with services.database.begin() as uow:
            inbox.done(uow, row)
    return Answer(View((Message("bot", "text", {"text": done.text}),)))


def _handle(services: Services, waiting: Waiting, incoming: Incoming, row: int | None) -> Answer | None:
    with services.database.begin() as uow:
        actor = team.actor_of_address(uow, incoming.channel, incoming.address)
        if actor is None:
            return None
        if conversations.already_seen(uow, incoming.channel, f"staff {actor.id} {incoming.key}"):
            return Answer(View())
        reply, question = _reply(services, uow, actor, waiting, incoming)
        alone = row is None  # words are ambiguous where the same account is also a learner's
        until = uow.now + WAITS if alone and reply and (reply.draft or reply.pending) else None
        uow.after_commit(lambda: waiting.put(incoming.address, until))
        if reply is None:
            return None
        if row is not None:
            inbox.done(uow, row)
        if reply.draft:
            reply = replace(
                reply, text=f"{reply.text}\n\n{staff_say.ANSWER_HERE if alone else staff_say.SAY_AGAIN}"
            )
        _say(services, uow, actor, incoming.channel, reply, question)
    return Answer(View())


def _reply(
    services: Services, uow: UnitOfWork, actor: Actor, waiting: Waiting, incoming: Incoming
) -> tuple[Reply | None, Question | None]:
    """What to say, and the question that it answers; nothing for what belongs to the conversation."""
    body = incoming.body
    if isinstance(body, Press):
        question = desk.asked(uow, actor.id, body.screen)
        if question is None or not question.waiting:
            return Reply(staff_say.GONE), None
        return _tried(uow, actor, question, yes=body.indices == (0,)), question
    if not isinstance(body, Text):
        return None, None
    if staff_words.is_command(body.text):
        return _command(services, uow, actor, body.text), None
    found = desk.latest(uow, actor.id, incoming.channel)
    fresh = found is not None and found.waiting and uow.now < found.asked_at + WAITS
    if found is None or not fresh or not waiting.has(incoming.address, uow.now):
        return None, None
    return _words(services, uow, actor, found, body.text)


def _words(
    services: Services, uow: UnitOfWork, actor: Actor, question: Question, text: str
) -> tuple[Reply | None, Question | None]:
    """Words under a question: « oui », « non », or what was missing."""
    said = fold(text)
    if draft := str(question.body.get("draft") or ""):
        if said in NO:
            return Reply(staff_say.DROPPED), question
        if safety.read(text, uow.now).level:
            return None, None
        return _command(services, uow, actor, f"{draft}, {text}"), question
    if said in YES or said in NO:
        return _tried(uow, actor, question, yes=said in YES), question
    return None, None


def _tried(uow: UnitOfWork, actor: Actor, question: Question, *, yes: bool) -> Reply:
    """The answer to a question. An act that cannot be writes nothing: each looks before it writes."""
    if not yes:
        return Reply(staff_say.DROPPED)
    if uow.now >= question.asked_at + WAITS:
        return Reply(staff_say.TOO_LATE)
    try:
        return staff_acts.do(uow, actor, Pending(**question.body["pending"]))
    except NotAllowed as error:
        return Reply(staff_say.not_allowed(error.act, team.in_words(actor.roles)))
    except CannotPlan as error:
        return Reply(error.problems[0])


def _command(services: Services, uow: UnitOfWork, actor: Actor, text: str) -> Reply | None:
    order, roles = staff_words.order(text[:LONGEST]), team.in_words(actor.roles)
    if order.act == "team":
        return Reply(staff_say.team(actor, roles))
    if order.act == "unknown" and safety.read(order.words, uow.now).level:
        return None  # somebody who may also be here as themselves
    try:
        if order.act in staff_acts.RIGHTS:
            return staff_acts.propose(services, uow, actor, order, text)
        if order.act in ("show", "present"):
            return staff_acts.look(services, uow, actor, order)
        require(actor, Act.SEE_AGENDA)
    except NotAllowed as error:
        return Reply(staff_say.not_allowed(error.act, roles))
    said = {"help": staff_say.HELP, "unknown": staff_say.NOT_UNDERSTOOD}.get(order.act)
    return Reply(said) if said else _list(uow)


def _list(uow: UnitOfWork) -> Reply:
    found = [one for one in gatherings.between(uow, uow.now, uow.now + AHEAD) if one.planned][:LISTED]
    counts = participations.counts(uow, [one.id for one in found])
    return Reply(staff_say.listed(found, counts, planning.wall(uow.now).date()))


# ---------------------------------------------------------------- saying


def _say(
    services: Services, uow: UnitOfWork, actor: Actor, channel: str, reply: Reply, question: Question | None
) -> None:
    """Put the answer where it goes out from: it closes the question that it answers, and may ask another one."""
    asks = MARK + secrets.token_urlsafe(12) if reply.pending or reply.draft else ""
    screen = _screen(asks, reply.pending) if reply.pending else None
    source = desk.ANSWERED + question.screen if question else f"said:{secrets.token_hex(16)}"
    bodies = replies.bodies([Message("bot", "text", {"text": reply.text})], screen, channel)
    bodies[-1] |= {"draft": reply.draft, "pending": reply.pending.to_json() if reply.pending else None}
    rows = [
        NewRow(
            desk.KIND,
            source,
            actor.id,
            channel,
            body,
            occurrence=desk.ASKED + asks if asks else "",
            part=part,
            expires_at=uow.now + OF_NO_USE,
        )
        for part, body in enumerate(bodies)
    ]
    outbox.add(uow, rows)
    bus, bell = services.bus, replies.bell(channel)
    uow.after_commit(lambda: bus.deliver(bell))


def _screen(screen: str, pending: Pending) -> Screen:
    yes, no = LABELS[pending.act]
    options = (Option("yes", yes), Option("no", no))
    return Screen(screen, Asked(StepKind.CHOICE, "", options, 1, 1, skippable=False))
