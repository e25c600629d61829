"""The case file: from an application to a letter, on the clocks of the law."""
