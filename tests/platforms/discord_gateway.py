"""The stand-in's gateway: sessions that are identified, dropped, resumed with what was missed, or refused."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.platforms import discord_payloads as payloads
from tests.platforms.discord_world import (
    DIRECT_MESSAGES,
    GUILD_MEMBERS,
    GUILD_MESSAGES,
    MESSAGE_CONTENT,
    PRESENCES,
    Json,
    World,
)

PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    6,
    7,
    8,
    9,
    10,
    11,
)


@dataclass(eq=False)
class Link:
    """One open connection; what is sent goes out in order."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    queue: "asyncio.Queue[Json | int]" = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    silent: bool = False

    def send(
        self, operation: int, data: object, *, event: str | None = None, number: int | None = None
    ) -> None:
        """Send one frame, unless the connection plays dead."""
        if not self.silent:
            self.queue.put_nowait({"op": operation, "d": data, "t": event, "s": number})

    def close(self, code: int) -> None:
        """Close after what is queued."""
        self.queue.put_nowait(code)

    async def pump(self) -> None:
        """Write what is queued, until it ends."""
        with contextlib.suppress(ConnectionError):
            while not isinstance(frame := await self.queue.get(), int):
                await self.socket.send_str(json.dumps(frame))
            await self.socket.close(code=frame)


@dataclass(eq=False)
class Session:
    """What a client identified for; it outlives its connection."""

    id: str
    intents: int
    log: list[tuple[str, Json]] = field(default_factory=list)  # event number n is at n - 1
    link: Link | None = None
    valid: bool = True

    def tell(self, event: str, data: Json) -> None:
        """Dispatch an event, now or when it resumes."""
        self.log.append((event, data))
        if self.link is not None:
            self.link.send(DISPATCH, data, event=event, number=len(self.log))


class Gateway:
    """Handles the connections and tells the sessions what happens."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""  # set with the port
        self.heartbeat_ms = 41_250
        self.allowed_intents = 0  # the privileged ones that are switched on
        self.refused_until = 0.0
        self.sessions: dict[str, Session] = {}
        self.links: set[Link] = set()
        self.frames: list[Json] = []  # what clients sent
        world.emit = self.emit

    @property
    def connected(self) -> bool:
        """Whether a client is identified and there."""
        return any(session.link for session in self.sessions.values())

    def emit(self, event: str, data: Json, intent: int) -> None:
        """Tell those sessions that asked for it."""
        for session in self.sessions.values():
            if session.valid and (not intent or session.intents & intent):
                session.tell(event, self._shown(session, data, intent))

    def _shown(self, session: Session, data: Json, intent: int) -> Json:
        """In the guild, what others write is empty without the intent for it."""
        mine = data.get("author", {}).get("id") == str(self.world.bot.id)
        if (
            intent == GUILD_MESSAGES
            and "content" in data
            and not mine
            and not session.intents & MESSAGE_CONTENT
        ):
            return data | {"content": "", "embeds": [], "attachments": [], "components": []}
        return data

    # ---------------------------------------------------------------- connections

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, until it ends."""
        if asyncio.get_running_loop().time() < self.refused_until:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        link = Link(socket, request.transport)
        self.links.add(link)
        writer = asyncio.create_task(link.pump())
        link.send(HELLO, {"heartbeat_interval": self.heartbeat_ms})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._receive(link, json.loads(frame.data))
        finally:
            writer.cancel()
            self._forget(link)
        return socket

    def _forget(self, link: Link) -> None:
        self.links.discard(link)
        if link.session is not None and link.session.link is link:
            link.session.link = None
        self.world.changed()

    def _receive(self, link: Link, frame: Json) -> None:
        self.frames.append(frame)
        match frame["op"]:
            case 1:
                link.send(ACK, None)
            case 2:
                self._identify(link, frame["d"])
            case 6:
                self._resume(link, frame["d"])
            case 8:
                self._members(link, frame["d"])
            case _:
                pass  # presence and voice change nothing here
        self.world.changed()

    def _identify(self, link: Link, data: Json) -> None:
        if data["token"] != self.world.token:
            return link.close(4004)
        if data["intents"] & PRIVILEGED & ~self.allowed_intents:
            return link.close(4014)
        session = Session(f"{self.world.new_id():x}", data["intents"], link=link)
        self.sessions[session.id] = link.session = session
        session.tell("READY", payloads.ready(self.world, session.id, self.url))
        session.tell("GUILD_CREATE", payloads.guild(self.world))
        return None

    def _resume(self, link: Link, data: Json) -> None:
        session = self.sessions.get(data["session_id"] or "")
        if data["token"] != self.world.token:
            return link.close(4004)
        if session is None or not session.valid or (data["seq"] or 0) > len(session.log):
            return link.send(INVALID, data=False)
        session.link, link.session = link, session
        for number, (event, missed) in enumerate(session.log, start=1):
            if number > (data["seq"] or 0):
                link.send(DISPATCH, missed, event=event, number=number)
        session.tell("RESUMED", {"_trace": []})
        return None

    def _members(self, link: Link, data: Json) -> None:
        wanted, start = _listed(data.get("user_ids")), (data.get("query") or "").lower()
        found = [
            one
            for one in payloads.members(self.world)
            if (wanted is None or one["user"]["id"] in wanted) and one["user"]["username"].startswith(start)
        ]
        answer = {
            "guild_id": str(self.world.guild_id),
            "members": found,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if link.session is not None:
            link.session.tell("GUILD_MEMBERS_CHUNK", answer | {"nonce": data.get("nonce")})

    # ---------------------------------------------------------------- trouble, on demand

    def drop(self, *, resumable: bool = True, code: int | None = None) -> None:
        """Cut every connection: bluntly, or closed with a code. What is not resumable answers RESUME with op 9."""
        if not resumable:
            for session in self.sessions.values():
                session.valid = False
        for link in list(self.links):
            self._forget(link)
            if code is not None:
                link.close(code)
            elif link.transport is not None:
                link.transport.abort()

    def invalidate(self) -> None:
        """Tell every client by op 9 that its session is over."""
        for session in self.sessions.values():
            session.valid = False
            if session.link is not None:
                session.link.send(INVALID, data=False)

    def ask_reconnect(self) -> None:
        """Ask every client by op 7 to come back."""
        for link in self.links:
            link.send(RECONNECT, None)

    def silence(self, *, on: bool = True) -> None:
        """Play dead on the present connections: no event, no heartbeat acknowledged. What is missed is kept."""
        for link in self.links:
            link.silent = on

    def refuse(self, seconds: float) -> None:
        """Refuse connections for a while."""
        self.refused_until = asyncio.get_running_loop().time() + seconds


def intent_of(channel_is_dm: bool) -> int:  # noqa: FBT001  # one flag, read where it is called
    """The intent under which a channel's messages are told."""
    return DIRECT_MESSAGES if channel_is_dm else GUILD_MESSAGES


def _listed(ids: object) -> list[str] | None:
    """One identifier or several, as numbers or text."""
    if ids is None:
        return None
    return [str(one) for one in ids] if isinstance(ids, list) else [str(ids)]
