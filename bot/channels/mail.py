"""The e-mail channel, for people of the centre: one short text a row, and what is known of its fate."""

import asyncio
import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from bot.application.services import Services
from storage.attempts import Outcome
from storage.outbox import OutboxRow, State
from storage.staff_addresses import MAIL

PATIENCE = 20.0  # seconds for each answer of the server
WAIT_FOR_SETTING = timedelta(minutes=5)  # what only the operator can mend
WELL, GO_ON, LATER, REFUSED = 2, 3, 4, 5  # answers of SMTP, by their first figure
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes out."""

    host: str
    port: int
    encrypted: bool  # from the first byte; otherwise STARTTLS
    user: str
    password: str

    @property
    def is_here(self) -> bool:
        """Whether nothing leaves the machine, so that nothing need be encrypted."""
        return self.host in HERE


class Unusable(Exception):  # noqa: N818 -- says what happened, like the others
    """The server is not one to trust with this: no encryption, or our name is refused."""


def server_of(url: str) -> Server:
    """The server that a setting names."""
    parts = urlsplit(url)
    encrypted = parts.scheme == "smtps"
    port = parts.port or (465 if encrypted else 587)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname or "", port, encrypted, user, password)


class Mail:
    """Implements the application's `Channel`. The library blocks, so each sending has a thread of its own."""

    name = MAIL

    def __init__(self, services: Services, context: ssl.SSLContext | None = None) -> None:
        """`context`: the certificates believed, other than those of everybody."""
        self._services = services
        self._server = server_of(services.settings.smtp_url)
        self._context = context or ssl.create_default_context()
        self._domain = services.settings.mail_from.rpartition("@")[2]

    async def send(self, row: OutboxRow, address: str) -> Outcome:
        """Send one row. Never raises."""
        try:
            letter = self._letter(row, address, self._services.now())
        except ValueError:  # a line break in a header, an address that is none
            return Outcome(State.FAILED, "not an e-mail")
        return await asyncio.to_thread(self._deliver, letter, address)

    def _letter(self, row: OutboxRow, address: str, now: datetime) -> bytes:
        text = str(row.body.get("text") or "…")
        letter = EmailMessage(policy=SMTP)
        letter["From"] = self._services.settings.mail_from
        letter["To"] = address
        letter["Subject"] = str(row.body.get("subject") or self._services.settings.bot_name)
        letter["Date"] = format_datetime(now)
        letter["Message-ID"] = (
            f"<boussole-{row.id}-{row.part}-{int(row.created_at.timestamp())}@{self._domain}>"
        )
        letter["Auto-Submitted"] = "auto-generated"  # so that no « absent du bureau » comes back
        letter.set_content(text.rstrip() + "\n", cte="quoted-printable")  # not every server takes eight bits
        return letter.as_bytes()

    def _deliver(self, letter: bytes, address: str) -> Outcome:
        smtp: smtplib.SMTP | None = None
        begun = False  # once the text leaves, whatever goes wrong leaves its fate unknown
        try:
            smtp = self._connect()
            self._announce(smtp, address)
            begun = True
            return self._content(smtp, letter)
        except Unusable as error:
            again = self._services.now() + WAIT_FOR_SETTING
            return Outcome(State.RETRY, str(error), again, counts=False)
        except smtplib.SMTPResponseException as error:
            return _answered(error.smtp_code)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return Outcome(State.UNKNOWN if begun else State.RETRY, type(error).__name__)
        finally:
            if smtp is not None:
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    smtp.quit()
                smtp.close()

    def _connect(self) -> smtplib.SMTP:
        """A connection that may be trusted with a sign-in link, signed in itself where a name is given."""
        server = self._server
        made: smtplib.SMTP
        if server.encrypted:
            made = smtplib.SMTP_SSL(
                server.host, server.port, self._domain, timeout=PATIENCE, context=self._context
            )
        else:
            made = smtplib.SMTP(server.host, server.port, self._domain, timeout=PATIENCE)
        try:
            self._secure(made)
        except BaseException:
            made.close()
            raise
        return made

    def _secure(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        smtp.ehlo_or_helo_if_needed()
        if not server.encrypted and smtp.has_extn("starttls"):
            smtp.starttls(context=self._context)
            smtp.ehlo_or_helo_if_needed()
        elif not server.encrypted and not server.is_here:
            raise Unusable("the server offers no encryption")
        if server.user:
            try:
                smtp.login(server.user, server.password)
            except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
                raise Unusable("the server refuses our name") from None

    def _announce(self, smtp: smtplib.SMTP, address: str) -> None:
        """Everything before the text itself: nothing was sent if this fails."""
        _expect(smtp.mail(self._services.settings.mail_from), WELL)
        _expect(smtp.rcpt(address), WELL)
        _expect(smtp.docmd("data"), GO_ON)

    def _content(self, smtp: smtplib.SMTP, letter: bytes) -> Outcome:
        lines = letter.replace(b"\r\n.", b"\r\n..")  # a line that begins with a dot would end the letter
        smtp.send((b"." if lines.startswith(b".") else b"") + lines.rstrip(b"\r\n") + b"\r\n.\r\n")
        code, _said = smtp.getreply()
        return Outcome(State.SENT) if code // 100 == WELL else _answered(code, begun=True)


def _expect(answer: tuple[int, bytes], first: int) -> None:
    code, said = answer
    if code // 100 != first:
        raise smtplib.SMTPResponseException(code, said)


def _answered(code: int, *, begun: bool = False) -> Outcome:
    """The server said no: for good (5xx), or for now (4xx). What is no answer at all leaves the fate of a text unknown."""
    if code // 100 == REFUSED:
        return Outcome(State.FAILED, f"answer {code}")
    unclear = begun and code // 100 != LATER
    return Outcome(State.UNKNOWN if unclear else State.RETRY, f"answer {code}")
