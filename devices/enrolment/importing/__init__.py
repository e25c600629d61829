"""A table of residents: read, understood, compared with who is enrolled."""
