"""Devices in stock for the demo's enrolments, with the codes of their labels."""

from backend.accounts import tokens
from backend.runtime.demo.context import BY, Context, known_id
from devices.actions import issue_claim_code
from devices.models import Device

STOCK = 3
"""Help buttons in stock; one LoRaWAN motion sensor lies beside them."""
SENSOR = STOCK + 1


def seed(context: Context) -> None:
    """A few devices that speak for themselves; their codes are this installation's own."""
    if context.is_new:
        Device.objects.bulk_create(
            Device(
                id=known_id(f"stock {number}"),
                kind=Device.Kind.SOS_BUTTON,
                external_id=f"86{number:013d}",
                created_at=context.now,
            )
            for number in range(1, STOCK + 1)
        )
        Device.objects.create(
            id=known_id(f"stock {SENSOR}"),
            kind=Device.Kind.MOTION,
            adapter="chirpstack",
            model="WS202",
            external_id="24e1240000000004",
            created_at=context.now,
        )
    if context.issues:
        context.out["stock"] = [_issued(context, number) for number in range(1, SENSOR + 1)]


def _issued(context: Context, number: int) -> dict[str, str]:
    device = Device.objects.get(pk=known_id(f"stock {number}"))
    token = tokens.new("dev")
    device.token_hash = tokens.hashed(token)
    device.save(update_fields=["token_hash"])
    code = issue_claim_code(device, by=BY, now=context.now)
    return {
        "id": str(device.pk),
        "token": token,
        "code": code,
        "kind": device.kind,
        "external_id": device.external_id,
    }
