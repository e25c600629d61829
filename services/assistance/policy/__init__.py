"""Benefits as dated rules with their articles, and a small kernel that judges by them."""
