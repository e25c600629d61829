"""No plan leaves a planner before the checker has seen it."""

import logging
from collections.abc import Sequence

from services.visits.planning.checker import violations
from services.visits.planning.draft import Draft
from services.visits.planning.port import Plan, Travel
from services.visits.planning.reasons import explain

log = logging.getLogger(__name__)


def soundest(drafts: Sequence[Draft], travel: Travel, *, cut_short: bool) -> Plan:
    """The first of these plans (the best first) that holds; else only what has begun is planned.

    A plan that is set aside is a defect of ours, and is logged by the kinds of its faults.
    """
    day = drafts[0].day
    for draft in drafts:
        plan = draft.to_plan(explain(draft), cut_short=cut_short)
        faults = {found.fault for found in violations(day.problem, plan, travel)}
        if not faults:
            return plan
        log.error("a plan is set aside: %s", ", ".join(sorted(faults)))
    nothing = Draft(day)
    return nothing.to_plan(explain(nothing), cut_short=cut_short)
