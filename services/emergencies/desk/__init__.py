"""What the operator's console shows: the board, one call with its people, its story in words."""
