"""Pages as people use them: a real browser against real processes."""
