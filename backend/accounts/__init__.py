"""Users, roles, sign-in, tokens, the access table."""
