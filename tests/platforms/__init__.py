"""Stand-ins for the platforms: small servers on the loopback that speak their protocols, with faults on demand."""
