"""The one import of discord.py: it warns of a module of Python's that only voice needs."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of audioop, gone from Python 3.13 on
    import discord
    from discord import app_commands, ui

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice here, so nothing to warn of

__all__ = ["app_commands", "discord", "ui"]
