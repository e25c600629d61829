"""Rows of the access table for assistance; each part keeps its own."""

from services.assistance.ability import policies as ability
from services.assistance.cases import policies as cases
from services.assistance.offers import policies as offers
from services.assistance.policy import policies as policy

ACCESS = [*cases.ACCESS, *policy.ACCESS, *offers.ACCESS, *ability.ACCESS]
FIELDS = [*cases.FIELDS, *policy.FIELDS, *offers.FIELDS]
