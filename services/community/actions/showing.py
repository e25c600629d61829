"""A photograph of what a complaint is about."""

import base64
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from services.community.actions.locking import locked_complaint
from services.community.doers import Doer
from services.community.errors import TooManyPhotos
from services.community.models import Complaint, ComplaintPhoto
from services.community.record import note_complaint

if TYPE_CHECKING:
    from backend.core.pictures import Picture

MOST_PHOTOS = 6


@transaction.atomic
def show_photo(
    complaint: Complaint, *, picture: "Picture", by: Doer, now: datetime
) -> ComplaintPhoto:
    """Keep a photograph with a complaint.

    Raises:
        TooManyPhotos: it has as many as are kept.
    """
    held = locked_complaint(complaint)
    if held.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    kept = ComplaintPhoto.objects.create(
        complaint=held,
        content=base64.b64encode(picture.content).decode(),
        width=picture.width,
        height=picture.height,
        added_at=now,
        added_by=by.reference,
    )
    note_complaint(held, "photo", by=by, now=now)
    return kept


def content_of(photo: ComplaintPhoto) -> bytes:
    """The photograph as a file."""
    return base64.b64decode(photo.content)
