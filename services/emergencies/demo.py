"""The demo's duty phones, the telephones beside its consoles, and the watch over its board."""

from backend.accounts.models import User
from backend.places.models import Area
from backend.runtime.demo import stories
from backend.runtime.demo.accounts import account_id
from backend.runtime.demo.context import DISTRICT_CODE, Context
from services.emergencies.actions import set_desk_phone
from services.emergencies.models import DeskPhone, DutyPhone, Watch


def seed(context: Context) -> None:
    """Two phones that ring when nobody watches, one beside two consoles; the default ladder."""
    district = Area.objects.get(parent=None, code=DISTRICT_CODE)
    if context.is_new:
        DutyPhone.objects.bulk_create(
            DutyPhone(
                area=district,
                label=f"值班电话 {order}",
                phone=phone,
                order=order,
            )
            for order, phone in enumerate(stories.DUTY_PHONES, start=1)
        )
        Watch.objects.create(area=district)
    for number, phone in enumerate(stories.DESK_PHONES, start=1):
        operator = User.objects.filter(pk=account_id(f"operator{number}")).first()
        if operator and not DeskPhone.objects.filter(user=operator).exists():
            set_desk_phone(operator, phone=phone, now=context.now)
    if context.issues:
        ours = {*stories.DUTY_PHONES, *stories.DESK_PHONES}
        context.out["phones"] = sorted({*context.out["phones"], *ours})
