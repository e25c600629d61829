"""Pages of offers: the desk's list, one offer, and parts of other people's pages."""
