"""Benefits that come to people by themselves: the offer, and what they are entitled to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core.fields import EncryptedTextField
from backend.core.models import Leased, new_id
from backend.people.models import Resident
from backend.places.models import Area
from services.assistance.models.policy import Ruling

OFFERED = ("old_age_allowance", "disability_living")
"""Benefits that can be granted without an application. What needs a case never stands here, and
the database refuses it: 低保 by article 28 of 民发〔2021〕57号."""


class BenefitOffer(Leased):
    """A benefit told or offered to a resident who meets its conditions; once each, and anew once
    what it gave has ended for a reason that may pass.

    `due_at` is when it is asked again, or given to staff.
    """

    class Mode(models.TextChoices):
        AUTO = "auto", _("granted without asking")
        OFFER = "offer_then_confirm", _("offered, then confirmed")
        NOTIFY = "notify_only", _("told only")

    class State(models.TextChoices):
        OPEN = "open", _("not answered yet")
        ACCEPTED = "accepted", pgettext_lazy("a benefit", "taken")
        DECLINED = "declined", _("not wanted")
        TOLD = "told", _("told that they may apply")
        CLOSED = "closed", _("closed")

    class Via(models.TextChoices):
        PHONE = "phone", _("by a key on the telephone")
        TEXT = "text", _("by text")
        APP = "app", _("in the app")
        STAFF = "staff", _("through staff")
        LAW = "law", _("without asking")

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="benefit_offers")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=20)
    mode = models.CharField(max_length=20, choices=Mode.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    amount_fen = models.BigIntegerField(null=True)
    """A month."""
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    asked_times = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    """ "resident:<uuid>", their guardian as "contact:<uuid>", or the officer as "user:<uuid>"."""
    answered_via = models.CharField(max_length=6, choices=Via.choices, blank=True)
    wants_person_at = models.DateTimeField(null=True)
    """Since when they wish to speak with somebody."""
    to_follow_since = models.DateTimeField(null=True)
    """Since when staff are to speak with them: nobody answered, they declined, or they asked."""
    followed_at = models.DateTimeField(null=True)
    followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    followed_note = EncryptedTextField(blank=True)
    again_from = models.DateField(null=True)
    """From which day on it may be offered anew, as what it gave has ended."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "benefit"],
                condition=Q(again_from=None),
                name="benefit_offer_once",
            ),
            models.CheckConstraint(
                condition=Q(mode="notify_only", state__in=("told", "closed"))
                | (~Q(mode="notify_only") & ~Q(state="told") & Q(benefit__in=OFFERED)),
                name="offer_of_what_may_be_offered",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "declined"))
                | (Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="offer_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="open")
                | Q(due_at__isnull=False)
                | Q(to_follow_since__isnull=False),
                name="open_offer_is_due_or_with_staff",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="benefit_offer_due"
            ),
            models.Index(fields=["area", "state"], name="benefit_offer_board"),
        ]

    def __str__(self) -> str:
        return f"{self.benefit} {self.state}"

    @property
    def reference(self) -> str:
        """How journal and deliveries name it."""
        return f"offer:{self.pk}"


class Entitlement(models.Model):
    """What a resident is paid a month from a month on; money only after two officers.

    One looks at the register, life and account, another confirms; the database refuses the same
    person twice, and every benefit that needs a case.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("an entitlement", "to be checked")
        CHECKED = "checked", _("to be confirmed")
        IN_FORCE = "in_force", _("in force")
        ENDED = "ended", _("ended")

    class End(models.TextChoices):
        DIED = "died", _("died")
        MOVED = "moved", _("moved away")
        NOT_MET = "not_met", _("conditions no longer met")
        CHANGED = "changed", _("another amount")
        RENOUNCED = "renounced", _("no longer wanted")

    LIVE = (State.PROPOSED, State.CHECKED, State.IN_FORCE)
    MAY_PASS = (End.NOT_MET, End.MOVED)
    """Why it ended, where it may be due again: not what somebody renounced."""

    id = models.UUIDField(primary_key=True, default=new_id)
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="entitlements")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    offer = models.ForeignKey(BenefitOffer, models.PROTECT, related_name="entitlements")
    benefit = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    amount_fen = models.BigIntegerField()
    """A month."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    """The last day of the last month."""
    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """The officer who recorded the person's answer; null where they gave it themselves."""
    account = EncryptedTextField(blank=True)
    """Where it is paid to."""
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    returned_note = EncryptedTextField(blank=True)
    """What the second officer found wrong, until it is checked again."""
    end_reason = models.CharField(max_length=10, choices=End.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(benefit__in=OFFERED), name="entitlement_never_of_what_needs_a_case"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="entitlement_pays"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (
                    Q(checked_by__isnull=False)
                    & ~Q(confirmed_by=F("checked_by"))
                    & (Q(entered_by=None) | ~Q(confirmed_by=F("entered_by")))
                ),
                name="nobody_confirms_their_own_check",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="entitlement_in_force_only_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | ~Q(end_reason=""), name="entitlement_ends_for_a_reason"
            ),
            models.UniqueConstraint(
                fields=["resident", "benefit"],
                condition=Q(state__in=("proposed", "checked")),
                name="entitlement_pending_once",
            ),
            models.UniqueConstraint(
                fields=["resident", "benefit"],
                condition=Q(state="in_force"),
                name="entitlement_in_force_once",
            ),
        ]
        indexes = [models.Index(fields=["area", "state"], name="entitlement_board")]
        ordering = ["-proposed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.benefit} {self.state}"

    @property
    def reference(self) -> str:
        """How journal and audit name it."""
        return f"entitlement:{self.pk}"
