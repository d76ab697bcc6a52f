"""What the bot does, one plain module per thing; nothing here knows a chat library or a web framework."""
