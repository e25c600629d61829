"""Numbers of cases and letters, each given once."""

import secrets
from datetime import datetime

from django.db import connection
from django.utils import timezone

from services.assistance.models import Serial

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without signs that are taken for one another."""
GROUPS, GROUP = 3, 4
"""Twelve signs of 31: 59 bits, too many to guess."""


def _next(name: str) -> int:
    table = Serial._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, last) VALUES (%s, 1) "  # noqa: S608 - our own table
            f"ON CONFLICT (name) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [name],
        )
        number: int = cursor.fetchone()[0]
    return number


def case_number(now: datetime) -> str:
    """2026-00012."""
    year = timezone.localdate(now).year
    return f"{year}-{_next(f'case {year}'):05d}"


def letter_number(district: str, now: datetime) -> str:
    """The number of a letter as offices write it: 梁溪区民救〔2026〕12号."""
    year = timezone.localdate(now).year
    return f"{district}民救〔{year}〕{_next(f'letter {district} {year}')}号"


def verification_code() -> str:
    """A code that nobody guesses: K7QM-3XWD-9FHT."""
    signs = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _group in range(GROUPS))
    return "-".join(signs)
