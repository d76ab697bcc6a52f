"""What several tests share: databases, clocks, made-up people."""
