"""What is kept of people here: themselves, their home, their contacts, what they consented to."""

from django.utils.translation import gettext_lazy as _

from backend.core.holding import CLAIMS, Ending, Holding
from backend.people import phones

HOLDINGS = (
    Holding(
        "people.Resident",
        _("The person"),
        ("pk",),
        Ending.EMPTIED,
        emptied={
            "name": "",
            "birth_date": None,
            "sex": "unknown",
            "id_number": "",
            "phone": "",
            "second_phone": "",
            "living": [],
            "mobility": "walks",
            "conditions": "",
            "allergies": "",
            "medicines": "",
            "responder_notes": "",
            "ok_at": None,
        },
        order=99,
    ),
    Holding(
        "people.Household",
        _("Home"),
        (),
        Ending.EMPTIED,
        of_home=("pk",),
        emptied={"door_code": "", "key_holder": "", "entry_notes": ""},
        order=90,
    ),
    Holding("people.LifePeriod", _("At home, away, in hospital"), ("resident",), Ending.ERASED),
    Holding("people.Consent", _("Consents"), ("resident",), Ending.KEPT, law=CLAIMS),
    Holding(
        "people.Contact",
        _("Contacts"),
        ("resident",),
        Ending.EMPTIED,
        shown={"phone": phones.masked},
        emptied={"name": "", "phone": ""},
        order=90,
    ),
    Holding(
        "people.Guardianship",
        _("Guardians and their papers"),
        ("contact__resident",),
        Ending.KEPT,
        emptied={"document": ""},
        law=CLAIMS,
    ),
)
"""Contacts gave their numbers to be called by, not to be handed on: the last digits only."""

NOT_ABOUT = (
    ("people.Tombstone", "says that somebody was deleted, in keyed hashes that name nobody"),
)
