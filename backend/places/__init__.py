"""Areas, addresses, positions."""
