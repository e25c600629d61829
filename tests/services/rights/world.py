"""What a world has of rights."""

from datetime import date

from backend.accounts.models import Role, User
from services.community.doers import Doer
from services.rights import actions
from services.rights.models import RightsRequest
from tests.builders import NOON
from tests.worlds import Cast


def fill(cast: Cast) -> None:
    """Something that the family asked while they were guardian, and a legal hold."""
    family = User.objects.filter(role=Role.FAMILY, contacts=cast.contact).get()
    asked = actions.ask(
        resident=cast.resident,
        kind=RightsRequest.Kind.COPY,
        asker=RightsRequest.Asker.RESIDENT,
        channel=RightsRequest.Channel.APP,
        by=Doer(family.reference, "王丽"),
        now=NOON,
    )
    RightsRequest.objects.filter(pk=asked.pk).update(
        asker=RightsRequest.Asker.GUARDIAN, contact=cast.contact
    )
    actions.place_hold(
        cast.resident,
        reason="遗产纠纷待法院判决",
        law="民事诉讼法",
        until=date(2027, 1, 1),
        by=Doer("user:1"),
        now=NOON,
    )
