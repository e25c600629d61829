"""What can be ordered and complained of: the green button's services."""
