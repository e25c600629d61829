"""Every write of webhooks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from backend.audit.actions import record
from backend.audit.models import AuditRow
from backend.core import due, journal
from backend.core.models import JournalEvent
from backend.places.models import Area
from backend.webhooks import guard, policies, signing
from backend.webhooks.errors import BadAddress, BadTypes, TooManyWebhooks
from backend.webhooks.models import Notice, Webhook

KIND = re.compile(r"([a-z]+)\.(\*|[a-z_]+)")
PORTION = 500

Action = AuditRow.Action
State = Notice.State


@dataclass(frozen=True)
class Wish:
    """What a system is to be told, and where."""

    label: str
    url: str
    types: Sequence[str]

    def check(self) -> None:
        """Raises BadAddress, BadTypes: it cannot be done so."""
        try:
            guard.check_form(self.url)
        except guard.Refused as error:
            raise BadAddress(fields={"url": [str(error)]}) from error
        found = [KIND.fullmatch(each) for each in self.types]
        are_told = all(each and each[1] in policies.TOLD for each in found)
        if not found or len(found) > policies.MOST_KINDS or not are_told:
            raise BadTypes(fields={"types": ["not_told"]})


@transaction.atomic
def subscribe(*, area: Area, wish: Wish, by: str, now: datetime) -> Webhook:
    """Let a system hear of what happens from now on; `secret` is shown to whoever arranges it.

    Raises:
        BadAddress, BadTypes, TooManyWebhooks
    """
    wish.check()
    if Webhook.objects.count() >= policies.MOST_WEBHOOKS:
        raise TooManyWebhooks(most=policies.MOST_WEBHOOKS)
    made = Webhook.objects.create(
        area=area,
        label=wish.label,
        url=wish.url,
        types=sorted(set(wish.types)),
        secret=signing.new_secret(),
        seq=journal.last_seq(),
        created_at=now,
        created_by=by,
    )
    _note(made, Action.CREATE, ["label", "types", "url"], by, now)
    return made


@transaction.atomic
def change(webhook: Webhook, *, wish: Wish, active: bool, by: str, now: datetime) -> Webhook:
    """Say anew what a system is told, and whether; while it is not, events pass it by.

    Raises:
        BadAddress, BadTypes
    """
    wish.check()
    webhook.label, webhook.url = wish.label, wish.url
    webhook.types = sorted(set(wish.types))
    if active and not webhook.active:
        webhook.seq = journal.last_seq()
    webhook.active, webhook.failing_since = active, None
    webhook.save(update_fields=["label", "url", "types", "seq", "active", "failing_since"])
    _note(webhook, Action.CHANGE, ["active", "label", "types", "url"], by, now)
    return webhook


@transaction.atomic
def rotate_secret(webhook: Webhook, *, by: str, now: datetime) -> Webhook:
    """A new secret; the old one signs beside it for a day."""
    webhook.old_secret = webhook.secret
    webhook.old_until = now + policies.OLD_SECRET_SIGNS_FOR
    webhook.secret = signing.new_secret()
    webhook.save(update_fields=["secret", "old_secret", "old_until"])
    _note(webhook, Action.CHANGE, ["secret"], by, now)
    return webhook


@transaction.atomic
def remove(webhook: Webhook, *, by: str, now: datetime) -> None:
    """Tell a system nothing any more."""
    _note(webhook, Action.DELETE, [], by, now)
    webhook.delete()


@transaction.atomic
def try_again(webhook: Webhook, *, by: str, now: datetime) -> int:
    """Tell what was given up once more; returns how many notices."""
    dead = webhook.notices.filter(state=State.DEAD)
    revived = dead.update(state=State.WAITING, due_at=now, tries=0)
    _note(webhook, Action.CHANGE, ["notices"], by, now)
    return revived


def owe_new(*, now: datetime) -> int:
    """Write down what each system is to be told of what is new; returns how many notices."""
    behind = Webhook.objects.filter(active=True, seq__lt=journal.last_seq()).order_by("pk")
    keys = behind.values_list("pk", flat=True)
    return sum(_owe(key, now) for key in list(keys))


@transaction.atomic
def _owe(key: UUID, now: datetime) -> int:
    rows = Webhook.objects.select_for_update(skip_locked=True, of=("self",))
    found = rows.select_related("area").filter(pk=key, active=True).first()
    head = journal.last_seq()
    if found is None or found.seq >= head:
        return 0
    about = _told(found.types) & Q(area_path__startswith=found.area.path)
    new = list(journal.since(found.seq).filter(about, seq__lte=head)[:PORTION])
    Notice.objects.bulk_create([_notice(found, each, now) for each in new], ignore_conflicts=True)
    found.seq = (new[-1].seq or head) if len(new) == PORTION else head
    found.save(update_fields=["seq"])
    return len(new)


def _told(types: Sequence[str]) -> Q:
    told = Q(type__in=[each for each in types if not each.endswith("*")])
    for beginning in (each.removesuffix("*") for each in types if each.endswith("*")):
        told |= Q(type__startswith=beginning)
    return told


def _notice(webhook: Webhook, event: JournalEvent, now: datetime) -> Notice:
    return Notice(
        webhook=webhook,
        seq=event.seq or 0,
        type=event.type,
        at=event.at,
        subject=event.subject,
        resident_id=event.resident_id,
        area_path=event.area_path,
        due_at=now,
    )


@transaction.atomic
def finish(notice: Notice, *, taken: bool, answer: str, now: datetime) -> bool:
    """Note what came of one try, and when the next is due; False: the lease was lost."""
    tries = notice.tries + 1
    wait = None if taken else policies.wait_after(tries)
    state = State.SENT if taken else State.WAITING if wait else State.DEAD
    done = due.finish(
        notice,
        due_at=now + wait if wait else None,
        state=state,
        tries=tries,
        tried_at=now,
        answer=answer,
    )
    own = Webhook.objects.filter(pk=notice.webhook_id)
    if done and taken:
        own.exclude(failing_since=None).update(failing_since=None)
    elif done:
        own.filter(failing_since=None).update(failing_since=now)
    return done


def forget_old(*, now: datetime) -> int:
    """Forget notices that are over; returns how many."""
    over = Notice.objects.exclude(state=State.WAITING).filter(tried_at__lt=now - policies.KEPT)
    return over.delete()[0]


def _note(
    webhook: Webhook, action: AuditRow.Action, fields: list[str], by: str, now: datetime
) -> None:
    record(actor=by, action=action, subject=webhook.reference, fields=fields, now=now)
