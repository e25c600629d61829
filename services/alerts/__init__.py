"""Something looks wrong: raised, acknowledged, assigned, resolved."""
