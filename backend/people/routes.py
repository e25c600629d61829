"""A question that goes up: can this number be reached by any provider?"""

from collections.abc import Callable

RouteCheck = Callable[[str], bool]
NO_ROUTE = {"code": "no_route"}

_checks: list[RouteCheck] = []


def register_route_check(check: RouteCheck) -> None:
    """Ask this too; `notifications` registers what its senders can reach."""
    if check not in _checks:
        _checks.append(check)


def has_route(phone: str) -> bool:
    """Whether any registered check can reach a normalized number; none knows no better."""
    return not _checks or any(check(phone) for check in _checks)


def warnings_about(*numbers: str) -> list[dict[str, str]]:
    """What to tell who enrols somebody: `no_route` when none of their numbers can be reached."""
    return [] if any(number and has_route(number) for number in numbers) else [dict(NO_ROUTE)]
