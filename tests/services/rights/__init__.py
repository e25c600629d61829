"""Tests of services.rights."""
