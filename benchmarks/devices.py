"""Devices to send with: `python -m benchmarks.devices 200` makes them and prints them as JSON."""

import json
import os
import sys

import django
from django.apps import apps

from backend.accounts import tokens
from backend.core import clock


def main(wanted: int) -> None:
    """Make motion sensors with tokens of their own, in the database of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    device_model = apps.get_model("devices.Device")
    now = clock.now()
    made = []
    for _ in range(wanted):
        token = tokens.new("dev")
        device = device_model(kind="motion", token_hash=tokens.hashed(token), created_at=now)
        made.append((device, token))
    device_model._default_manager.bulk_create(device for device, _ in made)
    print(json.dumps([{"id": str(device.pk), "token": token} for device, token in made]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
