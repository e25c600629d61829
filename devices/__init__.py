"""What homes say: registry, doors, adapters, readings, rules."""
