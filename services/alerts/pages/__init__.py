"""Pages of alerts and of the board that counts down to zero."""
