"""Webhooks out: other systems of the district hear of events, signed, retried, and without data."""
