"""Everything that is remembered; the only package with SQL."""
