"""What is kept of people here: who read and changed what."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding, Law

LOGS = Law("Cybersecurity Law, article 21(3): six months at least", timedelta(days=3 * 365))
"""Three years, as exchange records under article 12 of the rules on sharing among offices."""

HOLDINGS = (
    Holding(
        "audit.AuditRow", _("Who looked and who changed"), ("resident_id",), Ending.KEPT, law=LOGS
    ),
)
