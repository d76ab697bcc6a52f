"""E-mail to the team over a real socket: what arrives, and what is known of its fate when the server fails at each point."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot import platforms
from bot.application import sending, team
from bot.application.rights import OPERATOR, Role
from bot.application.services import Services
from bot.channels import mail as channel
from bot.channels.mail import Mail, server_of
from storage import outbox
from storage.database import Database
from storage.outbox import NewRow, OutboxRow, State
from tests.support import team as people
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.support.server import free_port

SAM = "sam@centre.be"
TEXT = "Votre code :\n\n1234 5678\n\n.une ligne qui commence par un point\nUne longue ligne : " + "é" * 300


@pytest.fixture
def services(sqlite_database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(sqlite_database, clock, tmp_path, smtp_url="smtp://127.0.0.1:1", mail_from="bot@centre.be")  # fmt: skip
    yield made
    made.executor.shutdown()


def queue(services: Services, **given: Any) -> OutboxRow:
    """A row for Sam, as it is claimed."""
    sam = people.add(services, "Sam", Role.COACH, email=SAM)
    row = NewRow("sign_in", "sign_in:x", sam.id, "mail", {"kind": "text", "text": TEXT, "subject": "Votre lien d’entrée"}, **given)  # fmt: skip
    with services.database.begin() as uow:
        outbox.add(uow, [row])
    with services.database.begin() as uow:
        (claimed,) = outbox.claim(uow, "mail", 1, "test")
    return claimed


class Box:
    """A mailbox behind a real server."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.refuse = ""
        self.said: list[LoginPassword] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        if self.refuse:
            return self.refuse
        self.letters.append(envelope)
        return "250 OK"

    def authenticate(self, *given: Any) -> AuthResult:
        data = given[-1]
        self.said.append(data)
        return AuthResult(success=data.password == b"juste", handled=False)


@pytest.fixture
def box(services: Services) -> Iterator[Box]:
    made = Box()
    server = Controller(
        made, hostname="127.0.0.1", port=free_port(), authenticator=made.authenticate, auth_require_tls=False
    )
    server.start()
    services.settings.smtp_url = f"smtp://127.0.0.1:{server.port}"
    yield made
    server.stop()


async def test_a_letter_arrives_as_it_was_written(services: Services, box: Box) -> None:
    outcome = await Mail(services).send(queue(services), SAM)

    assert outcome.state is State.SENT
    (letter,) = box.letters
    assert (letter.mail_from, letter.rcpt_tos) == ("bot@centre.be", [SAM])
    assert isinstance(letter.content, bytes)
    assert max(map(len, letter.content.split(b"\r\n"))) < 998
    read = email.message_from_bytes(letter.content, policy=email.policy.default)
    assert read["Subject"] == "Votre lien d’entrée"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content().replace("\r\n", "\n").strip() == TEXT


async def test_our_name_is_given_and_its_refusal_waits_for_the_operator(services: Services, box: Box) -> None:
    port = services.settings.smtp_url.rpartition(":")[2]
    row = queue(services)
    for password, state in (("juste", State.SENT), ("faux", State.RETRY)):
        services.settings.smtp_url = f"smtp://bot%40centre:{password}@127.0.0.1:{port}"
        outcome = await Mail(services).send(row, SAM)
        assert outcome.state is state
    assert not outcome.counts  # it burns no attempt
    assert {one.login for one in box.said} == {b"bot@centre"}
    assert len(box.letters) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [("451 plus tard", State.RETRY), ("554 non", State.FAILED), ("552 trop", State.FAILED)],
)
async def test_what_the_server_says_after_the_text_decides(services: Services, box: Box, answer: str, state: State) -> None:  # fmt: skip
    box.refuse = answer

    assert (await Mail(services).send(queue(services), SAM)).state is state


# ---------------------------------------------------------------- a server that fails at each point


@asynccontextmanager
async def failing(services: Services, at: str, how: str) -> AsyncIterator[list[bytes]]:
    """A server that goes well up to a point, and there closes, keeps silent or answers `how`; what it was sent."""
    heard: list[bytes] = []
    answers = {"EHLO": "250 ok", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "text": "250 ok", "QUIT": "221 bye"}  # fmt: skip

    over, handlers = asyncio.Event(), list[asyncio.Task[Any]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(point: str, usual: str) -> bool:
            if point == at and how == "close":
                writer.close()
                return False
            if point == at and how == "silence":
                await over.wait()
                return False
            writer.write(f"{how if point == at else usual}\r\n".encode())
            await writer.drain()
            return True

        handlers.append(task) if (task := asyncio.current_task()) else None
        going = await say("greeting", "220 here")
        while going and (line := await reader.readline()):
            heard.append(line)
            word = line.split()[0].decode().upper().replace("HELO", "EHLO") if line.split() else ""
            going = await say(word, answers.get(word, "500 what"))
            if going and word == "DATA" and at != "DATA":
                while (line := await reader.readline()) != b".\r\n" and line:
                    heard.append(line)
                going = await say("text", answers["text"])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    services.settings.smtp_url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield heard
    finally:
        over.set()
        server.close()
        await asyncio.gather(*handlers, return_exceptions=True)


POINTS = [
    *((at, how, State.RETRY) for at in ("greeting", "EHLO", "MAIL", "RCPT", "DATA") for how in ("close", "silence", "421 plus tard")),
    *((at, "550 non", State.FAILED) for at in ("MAIL", "RCPT", "DATA")),
    ("text", "close", State.UNKNOWN),
    ("text", "silence", State.UNKNOWN),
    ("text", "charabia", State.UNKNOWN),
    ("text", "452 plein", State.RETRY),
    ("text", "250 ok", State.SENT),
    ("QUIT", "close", State.SENT),
    ("QUIT", "500 non", State.SENT),
]  # fmt: skip


@pytest.mark.parametrize(("at", "how", "state"), POINTS)
async def test_each_point_of_failure_is_sorted_right(
    services: Services, monkeypatch: pytest.MonkeyPatch, at: str, how: str, state: State
) -> None:
    monkeypatch.setattr(channel, "PATIENCE", 0.2)
    row = queue(services)
    async with failing(services, at, how):
        outcome = await Mail(services).send(row, SAM)

    assert outcome.state is state
    assert SAM not in outcome.reason
    assert "1234" not in outcome.reason


async def test_a_server_that_is_not_there_is_tried_again(services: Services) -> None:
    services.settings.smtp_url = f"smtp://127.0.0.1:{free_port()}"

    assert (await Mail(services).send(queue(services), SAM)).state is State.RETRY


async def test_nothing_leaves_the_machine_in_clear(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "HERE", frozenset())  # as if it were another machine
    async with failing(services, "", "") as heard:
        outcome = await Mail(services).send(queue(services), SAM)

    assert (outcome.state, outcome.counts) == (State.RETRY, False)
    assert not any(b"MAIL" in line or b"1234" in line for line in heard)


@pytest.mark.parametrize("address", ["a@b\nBcc: tous@ailleurs", "sam@centre.be\r\nX: y"])
async def test_an_address_that_would_be_two_goes_nowhere(services: Services, box: Box, address: str) -> None:
    assert (await Mail(services).send(queue(services), address)).state is State.FAILED
    assert box.letters == []


def test_the_setting_says_where_and_how() -> None:
    assert server_of("smtp://h") == channel.Server("h", 587, encrypted=False, user="", password="")
    assert server_of("smtps://u%40x:p%3A@h") == channel.Server("h", 465, encrypted=True, user="u@x", password="p:")  # fmt: skip


# ---------------------------------------------------------------- at work


async def test_the_process_that_works_sends_what_waits_and_what_comes(
    services: Services, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.01)
    sam = people.add(services, "Sam", Role.COACH, email=SAM)
    gone = people.add(services, "Parti", Role.COACH, email="parti@centre.be")
    with services.database.begin() as uow:
        team.close(uow, OPERATOR, gone.id)
        ends = uow.now + timedelta(minutes=10)
        outbox.add(uow, [NewRow("sign_in", f"s:{one}", one, "mail", {"text": "x"}, expires_at=ends) for one in (sam.id, gone.id)])  # fmt: skip
    async with platforms.serving(services, "worker"):
        for _ in range(500):
            with services.database.read() as uow:
                rows = [outbox.get(uow, number) for number in (1, 2)]
            if all(row and row.state in (State.SENT, State.FAILED) for row in rows):
                break
            await asyncio.sleep(0.02)

    assert [row and row.state for row in rows] == [State.SENT, State.FAILED]
    assert [letter.rcpt_tos for letter in box.letters] == [[SAM]]
