"""What the community does for its residents."""
