"""How people are reached: the outbox, its engine, and one sender per channel."""
