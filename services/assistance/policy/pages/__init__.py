"""Pages of the rules: values of the law, facts of a resident, kept rulings, what one could get."""
