"""What a world has of community."""

from datetime import time

from backend.accounts.models import Role, User
from backend.core.pictures import Picture
from services.community import actions
from services.community.doers import Doer
from services.community.links import new_link
from services.community.models import Complaint, Order
from tests.builders import NOON
from tests.services.community.builders import LEAD, a_passed_order, a_provider, a_service
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """A service of the grid, who brings it, an order, one that comes again, a complaint."""
    service = a_service(area=cast.grid)
    provider = a_provider(service)
    new_link(provider, by=LEAD, now=NOON)
    order = a_passed_order(resident=cast.resident, service=service)
    actions.order_again(
        resident=cast.resident,
        service=service,
        rule="FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1",
        at=time(11, 0),
        channel=Order.Channel.RESIDENT,
        by=LEAD,
        now=NOON,
    )
    family = User.objects.filter(role=Role.FAMILY, contacts=cast.contact).get()
    complaint = actions.complain(
        area=cast.grid,
        resident=cast.resident,
        order=order,
        category=Complaint.Category.QUALITY,
        words="饭是冷的。",
        source=Complaint.Source.FAMILY,
        by=Doer(family.reference, "王丽"),
        now=NOON,
    )
    picture = Picture(b"no more than a mark", 1, 1)
    actions.show_photo(complaint, picture=picture, by=Doer(family.reference, "王丽"), now=NOON)
