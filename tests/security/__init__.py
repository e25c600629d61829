"""Proof of security: what `make security` runs, and how its findings are judged."""
