"""Dialogue pages and the pure engine that plays them: no clock, no network, no database, no asyncio."""
