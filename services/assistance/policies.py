"""Rows of the access table for assistance; each part keeps its own."""

from services.assistance.cases import policies as cases

ACCESS = [*cases.ACCESS]
