"""To whom an order can be passed on, by the word that pages and programs send."""

from datetime import datetime

from backend.core.errors import Invalid
from services.community import actions
from services.community.doers import Doer
from services.community.models import Order
from services.community.offering import candidates_for

TO_VISIT, TO_CALL = "visit", "call"


def pass_to(order: Order, to: str, *, by: Doer, now: datetime) -> Order:
    """Pass an order on to "visit", "call", or a provider by its key.

    Raises:
        Invalid: to nobody that there is.
        NotNow, DoesNotServe, NoCapacity: as the actions.
    """
    if to == TO_VISIT:
        return actions.pass_to_carer(order, by=by, now=now)
    if to == TO_CALL:
        return actions.call_back(order, by=by, now=now)
    found = (each.provider for each in candidates_for(order) if str(each.provider.pk) == to)
    provider = next(found, None)
    if provider is None:
        raise Invalid(fields={"to": ["unknown"]})
    return actions.pass_to_provider(order, provider=provider, by=by, now=now)
