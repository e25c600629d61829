"""Servers that speak a provider's own protocol, for tests."""
