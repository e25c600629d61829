"""Residents, households, contacts, caregivers."""
