"""The story of `make demo`: an emergency played from outside, through the public doors only."""
