"""The chat platforms, played over real sockets against their stand-ins."""
