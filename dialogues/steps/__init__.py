"""One module per kind of step: what it asks, what it accepts, what it notes."""
