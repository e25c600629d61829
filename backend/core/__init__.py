"""The kernel: clock, errors, permissions, journal, due queue, idempotency, encrypted fields."""
