"""Who looked at whose record, why, and what was opened in an emergency."""
