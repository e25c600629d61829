"""What is kept of people here: what they were told, and who rang us."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import Ending, Holding, Retention
from backend.people import phones
from notifications.models import Delivery
from notifications.tasks import KEPT

HOLDINGS = (
    Holding(
        "notifications.Delivery",
        _("Calls and texts about the person"),
        ("resident_id",),
        Ending.EMPTIED,
        left_out={"secret": "emptied once it was sent"},
        shown={"address": phones.masked},
        emptied={
            "person_name": "",
            "address": "",
            "address_index": "",
            "context": {},
            "secret": "",
            "reply": "",
        },
    ),
    Holding(
        "notifications.Attempt",
        _("How often they were tried"),
        ("delivery__resident_id",),
        Ending.EMPTIED,
        left_out={"provider_id": "the telephone company's number", "answer": "what we said again"},
        emptied={"keys": "", "answer": None},
    ),
    Holding(
        "notifications.Preference",
        _("How and when they want to be told"),
        ("person",),
        Ending.ERASED,
        named=True,
    ),
    Holding(
        "notifications.CallIn",
        _("Calls to us"),
        ("resident_id",),
        Ending.EMPTIED,
        left_out={"provider_id": "the telephone company's number", "answers": "what we said"},
        shown={"phone": phones.masked},
        emptied={"phone": "", "phone_index": "", "person": "", "name": "", "answers": {}},
    ),
    Holding(
        "notifications.Bridge",
        _("When they were put through"),
        ("inbound__resident_id",),
        Ending.EMPTIED,
        left_out={"words": "what we said"},
        emptied={"words": {}},
    ),
)
NOT_ABOUT = (("notifications.BridgeLine", "telephones of staff that were rung"),)

_SUE = "Civil Code, article 188: three years to sue"
_TASK = "notifications.tasks.forget_old_deliveries"
Priority = Delivery.Priority

RETENTION = (
    *(
        Retention(
            kind=f"messages_{priority.name.lower()}",
            label=label,
            model="notifications.Delivery",
            since="created_at",
            days=KEPT[priority].days,
            source=source,
            task=_TASK,
        )
        for priority, label, source in (
            (Priority.EMERGENCY, _("Messages of emergencies"), _SUE),
            (Priority.URGENT, _("Urgent messages"), "our choice: nobody asks about it later"),
            (Priority.ROUTINE, _("Other messages"), "our choice: half a year of questions"),
        )
    ),
    Retention(
        kind="calls_in",
        label=_("Who rang us when"),
        model="notifications.CallIn",
        since="began_at",
        days=KEPT[Priority.EMERGENCY].days,
        source=_SUE,
        task="notifications.tasks.forget_old_call_ins",
    ),
    Retention(
        kind="message_texts",
        label=_("What messages said, and to which number"),
        model="notifications.Delivery",
        since="final_at",
        days=180,
        source="our choice: the record that somebody was told needs no words after half a year",
        emptied={"context": {}, "address": "", "address_index": "", "secret": ""},
        path="resident_id",
    ),
)
