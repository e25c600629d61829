"""Whoever complained says by a key whether it was put right."""

from datetime import datetime
from uuid import UUID

from notifications.models import Delivery
from notifications.replies import Spoken
from services.community.actions import check
from services.community.doers import Doer
from services.community.errors import ComplaintNotNow
from services.community.models import Complaint

KEYS = {"1": True, "2": False}


def answer_to_check(delivery: Delivery, key: str, now: datetime) -> Spoken:
    """Key 1 closes the complaint, key 2 opens it again; in the key's transaction."""
    if not delivery.asks or delivery.template != "complaint_check":
        return Spoken("reply_thanks")
    if key not in KEYS:
        return Spoken("complaint_unknown_key", ask_again=True)
    complaint = Complaint.objects.get(pk=UUID(delivery.cause.partition(":")[2]))
    by = Doer(delivery.person, delivery.person_name)
    try:
        check(complaint, is_right=KEYS[key], by=by, now=now)
    except ComplaintNotNow:
        return Spoken("complaint_over")
    return Spoken("complaint_right" if KEYS[key] else "complaint_not_right")
