"""Senders: one folder per provider, all behind the port in `port.py`."""
