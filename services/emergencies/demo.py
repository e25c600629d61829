"""Duty phones of the demo district, and the watch over its board."""

from backend.people import phones
from backend.places.models import Area
from backend.runtime.demo import stories
from backend.runtime.demo.context import DISTRICT_CODE, Context
from services.emergencies.models import DutyPhone, Watch


def seed(context: Context) -> None:
    """Two phones that ring when nobody watches; the ladder is the default one."""
    district = Area.objects.get(parent=None, code=DISTRICT_CODE)
    if context.is_new:
        DutyPhone.objects.bulk_create(
            DutyPhone(
                area=district,
                label=f"值班电话 {order}",
                phone=phone,
                phone_index=phones.index(phone),
                order=order,
            )
            for order, phone in enumerate(stories.DUTY_PHONES, start=1)
        )
        Watch.objects.create(area=district)
    if context.issues:
        context.out["phones"] = sorted({*context.out["phones"], *stories.DUTY_PHONES})
