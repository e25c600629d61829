"""What looks wrong at home, on a day at a glance: never without what is being done about it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent
from backend.web import today
from backend.web.today import Fact, Sign, Source
from services.alerts.models import Alert


def of_alerts(resident_id: UUID, _now: datetime) -> Fact:
    """The newest alert of theirs, or of their home, that is open, and who has it."""
    alert = (
        Alert.objects.filter(
            Q(resident=resident_id) | Q(resident=None, household__residents=resident_id),
            state__in=Alert.OPEN,
        )
        .select_related("assigned_to")
        .order_by("-raised_at", "pk")
        .first()
    )
    if alert is None:
        return Fact(gettext("Nothing looks wrong at home."))
    about = {"what": alert.get_kind_display()}
    if alert.assigned_to is not None:
        about["carer"] = alert.assigned_to.name
        text = gettext("%(what)s: %(carer)s is looking after it.")
    elif alert.acknowledged_at is not None:
        text = gettext("%(what)s: the care centre has seen it and is looking after it.")
    else:
        text = gettext("%(what)s: the care centre has been told.")
    return Fact(text % about, Sign.CONCERN, alert.raised_at)


today.register_fact(
    Source("alerts", _("At home"), "family-alerts", "read", Consent.Item.ALERTS, of_alerts, 50)
)
