"""People at the API: residents, homes, contacts, caregivers, consents."""
