"""Somebody called for help: ring, escalate, accept, arrive, resolve."""
