"""Benefits that come to people by themselves (免申即享): offered, answered, checked, in force."""
