"""Pages of emergencies: the desk, the caregivers' app, the residents' and families' pages."""
