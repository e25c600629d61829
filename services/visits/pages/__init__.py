"""Pages of visits: the desk, and the parts that stand on other pages."""
