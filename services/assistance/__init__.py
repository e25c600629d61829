"""Benefits and cases: rules as data, clocks, offers, letters."""
