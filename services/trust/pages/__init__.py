"""Pages of opened records, of who looked, and of guardians' papers."""
