"""From a message at a door to committed observations."""
