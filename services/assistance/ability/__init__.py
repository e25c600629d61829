"""Ability of older people by GB/T 42195-2022, scored by two assessors on a telephone."""
