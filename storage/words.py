"""x."""
WORDS: tuple[str, ...] = ()
