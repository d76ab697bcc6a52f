"""Occupations, programmes and job offers, and what links them to a learner; only `sources` touch the network."""
