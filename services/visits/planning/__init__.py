"""Who goes where when: plans of a day as plain data, without database or network."""
