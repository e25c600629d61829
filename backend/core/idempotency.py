"""Idempotency-Key: a repeated POST gets the answer of the first one."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from backend.core.errors import KeyReused
from backend.core.models import IdempotencyKey

KEPT = timedelta(days=7)
"""As long as the ledger: an offline caregiver's app may come back that late."""


@transaction.atomic
def answered_once(
    *,
    owner: str,
    key: str,
    request_body: bytes,
    now: datetime,
    act: Callable[[], tuple[int, Any]],
) -> tuple[int, Any]:
    """Run `act` once per (owner, key), in one transaction with the record of its answer.

    `act` gives a status and a body of JSON values.

    A second caller waits for the first (unique row) and gets its status and body. When `act`
    raises, nothing is kept and the key is free again.

    Raises:
        KeyReused: the key came before with another content.
    """
    fingerprint = hashlib.sha256(request_body).hexdigest()
    IdempotencyKey.objects.bulk_create(
        [IdempotencyKey(owner=owner, key=key, fingerprint=fingerprint, created_at=now)],
        ignore_conflicts=True,
    )
    row = IdempotencyKey.objects.select_for_update().get(owner=owner, key=key)
    if row.fingerprint != fingerprint:
        raise KeyReused
    if row.status is not None:
        return row.status, json.loads(row.body)
    status, body = act()
    row.status, row.body = status, json.dumps(body)
    row.save(update_fields=["status", "body"])
    return status, body


def forget_old(*, now: datetime) -> int:
    """Drop answers that nobody will ask for again; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()[0]
