"""Enrolment: how somebody comes into the district's care, step by step or from a table."""
