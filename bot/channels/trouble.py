"""What may keep a chat platform from being served at all."""


class PlatformError(Exception):
    """A platform refuses us for good (its token...). The text is a French sentence for who runs the bot."""
