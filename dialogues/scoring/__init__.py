"""Pure functions with published rules that turn answers into something to look at together."""
