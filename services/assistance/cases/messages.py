"""What applicants and officers are told of a case; the number says which, nothing else.

A contact who applied for somebody is told only while benefits are shared with them.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from backend.people.models import Consent
from notifications import templates
from notifications.templates import Template

_TEMPLATES = {
    "case_opened": Template(text=_("We have your application %(number)s and look through it.")),
    "case_missing": Template(
        text=_(
            "Your application %(number)s: papers are missing. The list is on your page; you are "
            "asked only this once. We help you at the counter."
        )
    ),
    "case_accepted": Template(
        text=_("Your application %(number)s is accepted. Next we check the data.")
    ),
    "case_checked": Template(
        text=_("Your application %(number)s: two of us will visit you at home soon.")
    ),
    "case_data_negative": Template(
        text=_(
            "Your application %(number)s: the data say that a condition is not met. If that is "
            "wrong, bring us a proof and we check again."
        )
    ),
    "case_notice": Template(
        text=_(
            "Your application %(number)s is shown publicly now, with name, size of the household "
            "and amount only. After that the county decides."
        )
    ),
    "case_confirming": Template(
        text=_("Your application %(number)s is before the county for its decision.")
    ),
    "case_letter": Template(
        text=_("Your application %(number)s is decided. The letter is on its way to you.")
    ),
    "case_review": Template(
        text=_("%(number)s: it is time to look at your case again. We will come to you.")
    ),
    "case_kept": Template(text=_("%(number)s: we looked at your case again. It stays as it is.")),
    "case_appeal": Template(
        text=_("We have your appeal %(number)s. You hear from us within 60 days.")
    ),
    "case_appeal_over": Template(
        text=_("Your appeal %(number)s is decided. The decision stands. You can go to court.")
    ),
    "case_anew": Template(
        text=_("Your appeal %(number)s is decided. We look at your application anew.")
    ),
    "case_withdrawn": Template(text=_("Your application %(number)s is withdrawn.")),
    "case_clock_soon": Template(
        text=_("Case %(number)s: a step is due by %(day)s. Please open the desk.")
    ),
    "case_clock_overdue": Template(
        text=_("Case %(number)s is overdue since %(day)s. Please open the desk.")
    ),
}

for _name, _template in _TEMPLATES.items():
    templates.register(_name, replace(_template, shared=Consent.Item.ASSISTANCE))
