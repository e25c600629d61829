"""Copies are prepared in the background, kept encrypted for a week, and fetched."""

import base64
import gzip
import io
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from backend.core.contained import contained
from services.community.doers import Doer
from services.rights import bundling, policies
from services.rights.actions.asking import close, locked
from services.rights.copying import pieces
from services.rights.errors import CopyEnded
from services.rights.models import PreparedCopy, RightsEvent, RightsRequest
from services.rights.policies import NOT_PREPARED
from services.rights.record import note, note_reading
from services.rights.telling import tell_copy

Form, State = PreparedCopy.Form, RightsRequest.State

AT_ONCE = 5
AGAIN_AFTER = timedelta(hours=6)
"""A copy that failed is tried again so much later, so that it keeps no other waiting."""

logger = logging.getLogger(__name__)


def prepare_due(*, now: datetime) -> int:
    """Prepare what was approved; returns how many. Safe at any number of workers.

    One that fails is said in its history and waits on the desk; the log names the error.
    """
    failed = RightsEvent.objects.filter(
        request=OuterRef("pk"), event=NOT_PREPARED, at__gt=now - AGAIN_AFTER
    )
    waiting = RightsRequest.objects.filter(~Exists(failed), state=State.PREPARING)
    done = 0
    for request in waiting.order_by("decided_at", "pk")[:AT_ONCE]:
        if contained(f"the copy of {request.reference}", partial(prepare, request, now=now)):
            done += 1
        else:
            note(request, NOT_PREPARED, by=policies.CLOCKWORK, now=now)
    return done


@transaction.atomic
def prepare(request: RightsRequest, *, now: datetime) -> None:
    """Make both forms of the copy; without FHIR, should that fail. Again changes nothing."""
    request = locked(request)
    if request.state != State.PREPARING:
        return
    packed, size = _packed(pieces(request.resident, now=now))
    _keep(request, Form.JSON, packed, size, now)
    bundle = bundling.bundle_of(gzip.decompress(packed))
    if bundle is not None:
        _keep(request, Form.FHIR, gzip.compress(bundle), len(bundle), now)
    close(request, State.DONE, by=policies.CLOCKWORK, now=now)
    tell_copy(request, now=now)


def _packed(texts: Iterable[str]) -> tuple[bytes, int]:
    held, size = io.BytesIO(), 0
    with gzip.GzipFile(fileobj=held, mode="wb") as file:
        for text in texts:
            size += file.write(text.encode())
    return held.getvalue(), size


def _keep(request: RightsRequest, form: str, packed: bytes, size: int, now: datetime) -> None:
    PreparedCopy.objects.update_or_create(
        request=request,
        form=form,
        defaults={
            "content": base64.b64encode(packed).decode(),
            "size_bytes": size,
            "made_at": now,
            "expires_at": now + policies.COPY_KEPT,
        },
    )


@transaction.atomic
def fetch(request: RightsRequest, *, form: str, by: Doer, now: datetime) -> bytes:
    """The copy as a file; that it was fetched is audited.

    Raises:
        CopyEnded: it was there for a week, and is not any more.
    """
    copy = request.copies.filter(form=form, expires_at__gt=now).first()
    if copy is None:
        raise CopyEnded
    if copy.fetched_at is None:
        copy.fetched_at = now
        copy.save(update_fields=["fetched_at"])
    note_reading(request, fields=["copy"], by=by.reference, now=now, reason=f"copy {form} fetched")
    return gzip.decompress(base64.b64decode(copy.content))


def forget_copies(*, now: datetime) -> int:
    """Delete copies whose week is over; returns how many."""
    return PreparedCopy.objects.filter(expires_at__lte=now).delete()[0]
