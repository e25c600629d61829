"""How somebody wants to be reached: which way, and not within their quiet hours."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications import routes
from notifications.actions import Recipient
from notifications.models import Channel, Preference


def preference_of(person: str) -> Preference:
    """What somebody chose; the defaults where they did not."""
    return Preference.objects.filter(pk=person).first() or Preference(person=person)


def channel_for(to: Recipient, preference: Preference) -> Channel:
    """The first of their ways that a sender can go; their first where none can."""
    channels = [Channel(name) for name in preference.channels] or [Channel.VOICE]
    return next((each for each in channels if routes.has_route(to.address, each)), channels[0])


def after_quiet_hours(preference: Preference, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    if preference.quiet_from is None or preference.quiet_until is None:
        return moment
    zone = ZoneInfo(preference.zone)
    local = moment.astimezone(zone)
    if not _is_quiet(local.time(), preference.quiet_from, preference.quiet_until):
        return moment
    day: date = local.date()
    if local.time() >= preference.quiet_until:
        day += timedelta(days=1)
    return datetime.combine(day, preference.quiet_until, tzinfo=zone)


def _is_quiet(at: time, begin: time, end: time) -> bool:
    if begin <= end:
        return begin <= at < end
    return at >= begin or at < end
