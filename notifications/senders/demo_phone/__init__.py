"""The demo's telephones: a small process of its own that speaks Twilio's HTTP protocol.

`server.py` tells what it offers. Nothing here imports Django.
"""
