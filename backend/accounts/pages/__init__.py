"""The pages of signing in and out, of one's own account, and of those who give access."""
