"""Adapters between a channel and the application."""
