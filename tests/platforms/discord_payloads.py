"""How the stand-in Discord writes down what it knows, for answers and for events alike."""

import copy
from typing import Any

from tests.platforms.discord_world import GUILD_MEMBERS, Channel, Interaction, Json, Message, Person, World

ALL_PERMISSIONS = str((1 << 50) - 1)
JOINED = "2026-09-01T12:00:00+00:00"
MAX_UPLOAD = 10 * 1024 * 1024
DM, GUILD = 1, 0  # where an interaction happened, as its `context` says


def message(it: Message) -> Json:
    """As a `MessageResponse`."""
    data: Json = {
        "id": str(it.id), "type": 0, "channel_id": str(it.channel.id), "author": it.author.payload(),
        "content": it.content, "embeds": it.embeds, "components": it.components, "flags": it.flags,
        "attachments": [one.payload(ephemeral=it.ephemeral) for one in it.attachments],
        "mentions": [], "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False,
        "timestamp": it.sent.isoformat(), "edited_timestamp": it.edited.isoformat() if it.edited else None,
    }  # fmt: skip
    if it.nonce is not None:
        data["nonce"] = it.nonce
    return copy.deepcopy(data | it.extra)


def message_event(world: World, it: Message) -> Json:
    """A message as the gateway tells it."""
    data = message(it)
    if it.channel.person is None:
        data["guild_id"] = str(world.guild_id)
        data["member"] = {key: value for key, value in member(it.author).items() if key != "user"}
    return data | {"channel_type": 1 if it.channel.person else 0}


def member(person: Person) -> Json:
    """A member of the guild."""
    return {
        "user": person.payload(), "nick": None, "avatar": None, "banner": None, "roles": [], "joined_at": JOINED,
        "premium_since": None, "communication_disabled_until": None, "deaf": False, "mute": False, "flags": 0,
        "pending": False,
    }  # fmt: skip


def members(world: World) -> list[Json]:
    """All the members of the guild."""
    return [member(person) for person in world.people.values() if person.member]


def channel(it: Channel, world: World) -> Json:
    """A channel, with what is told of it to the bot."""
    last = str(max(it.messages)) if it.messages else None
    if it.person is not None:
        return {
            "id": str(it.id),
            "type": 1,
            "flags": 0,
            "last_message_id": last,
            "recipients": [it.person.payload()],
        }
    return {
        "id": str(it.id), "type": 0, "flags": 0, "last_message_id": last, "guild_id": str(world.guild_id),
        "name": "accueil", "topic": None, "position": 0, "nsfw": False, "rate_limit_per_user": 0, "parent_id": None,
        "permission_overwrites": [], "permissions": ALL_PERMISSIONS,
    }  # fmt: skip


def guild(world: World) -> Json:
    """The guild with all that `GUILD_CREATE` tells."""
    everyone = {
        "id": str(world.guild_id), "name": "@everyone", "color": 0, "hoist": False, "icon": None, "managed": False,
        "mentionable": False, "permissions": ALL_PERMISSIONS, "position": 0, "unicode_emoji": None, "flags": 0,
    }  # fmt: skip
    people = members(world)
    return {
        "id": str(world.guild_id), "name": "Le centre", "icon": None, "owner_id": str(world.bot.id), "roles": [everyone],
        "emojis": [], "stickers": [], "features": [], "channels": [channel(world.hall, world)], "threads": [],
        "members": people, "member_count": len(people), "presences": [], "voice_states": [], "stage_instances": [],
        "guild_scheduled_events": [], "large": False, "unavailable": False, "joined_at": JOINED, "afk_timeout": 300,
        "preferred_locale": "fr", "premium_tier": 0, "verification_level": 0, "explicit_content_filter": 0,
        "default_message_notifications": 0, "mfa_level": 0, "nsfw_level": 0, "system_channel_flags": 0,
    }  # fmt: skip


def application(world: World) -> Json:
    """As a `PrivateApplicationResponse`."""
    return {
        "id": str(world.application_id), "name": world.bot.name, "icon": None, "description": "", "type": None,
        "summary": "", "bot": world.bot.payload(), "bot_public": True, "bot_require_code_grant": False,
        "verify_key": "0" * 64, "flags": 0, "flags_new": "0", "redirect_uris": [], "team": None,
        "interactions_endpoint_url": None, "role_connections_verification_url": None, "owner": world.bot.payload(),
        "approximate_guild_count": 1, "approximate_user_install_count": 0, "explicit_content_filter": 0,
        "approximate_user_authorization_count": 0, "eligible_oauth2_scopes": [],
    }  # fmt: skip


def ready(world: World, session: str, gateway: str) -> Json:
    """What a client is told once it has identified itself."""
    return {
        "v": 10, "user": world.bot.payload(), "guilds": [{"id": str(world.guild_id), "unavailable": True}],
        "session_id": session, "session_type": "normal", "resume_gateway_url": gateway, "private_channels": [],
        "shard": [0, 1], "application": {"id": str(world.application_id), "flags": 0},
    }  # fmt: skip


def metadata(world: World, it: Interaction) -> Json:
    """What a message says about the interaction that it answers."""
    data: Json = {"id": str(it.id), "type": it.type, "user": it.person.payload()}
    data["authorizing_integration_owners"] = _owners(it, world.guild_id)
    if it.type == 3 and it.message is not None:
        data["interacted_message_id"] = str(it.message.id)
    if it.parent is not None:
        data["triggering_interaction_metadata"] = metadata(world, it.parent)
    return data


def interaction(world: World, it: Interaction) -> Json:
    """The event by which the bot learns of it."""
    data: Json = {
        "id": str(it.id), "application_id": str(world.application_id), "type": it.type, "token": it.token, "version": 1,
        "channel": channel(it.channel, world), "channel_id": str(it.channel.id), "locale": "fr",
        "app_permissions": ALL_PERMISSIONS, "entitlements": [], "entitlement_sku_ids": [],
        "attachment_size_limit": MAX_UPLOAD, "data": it.data,
        "authorizing_integration_owners": _owners(it, world.guild_id),
    }  # fmt: skip
    if it.channel.person is None:
        guild_id = str(world.guild_id)
        data |= {
            "guild_id": guild_id,
            "guild_locale": "fr",
            "guild": {"id": guild_id, "locale": "fr", "features": []},
        }
        data |= {"context": GUILD, "member": member(it.person) | {"permissions": ALL_PERMISSIONS}}
    else:
        data |= {"context": DM, "user": it.person.payload()}
    if it.message is not None:
        data["message"] = message(it.message)
    return copy.deepcopy(data)


def _owners(it: Interaction, guild_id: int) -> dict[str, str]:
    if it.person.installed and not it.person.member:
        return {"1": str(it.person.id)}
    return {"0": str(guild_id if it.channel.person is None else 0)}


def stored_components(components: list[Json] | None) -> list[Json]:
    """Components as they are given back: each with a number of its own."""
    kept = copy.deepcopy(components or [])
    number = 0

    def visit(part: Any) -> None:
        nonlocal number
        number += 1
        part["id"] = part.get("id") or number
        for inner in part.get("components") or ():
            visit(inner)
        for name in ("accessory", "component"):
            if part.get(name):
                visit(part[name])

    for part in kept:
        visit(part)
    return kept


def tell_joined(world: World, person: Person, *, joined: bool) -> None:
    """Tell that someone came into the guild or left it."""
    at = {"guild_id": str(world.guild_id)}
    if joined:
        world.emit("GUILD_MEMBER_ADD", member(person) | at, GUILD_MEMBERS)
    else:
        world.emit("GUILD_MEMBER_REMOVE", {"user": person.payload()} | at, GUILD_MEMBERS)
