"""Tags and filters of our pages: times, phone numbers, statuses."""

import re
from datetime import datetime

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from backend.accounts.actors import Actor
from backend.accounts.models import Role, User
from backend.accounts.permissions import actor_for
from backend.accounts.sessions import HOMES, home_of
from backend.core import clock, journal
from backend.core.errors import NotAllowed
from backend.web import navigation as bars
from backend.web import panels as parts

register = template.Library()

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400

SHAPES = {
    "ringing": "●",
    "underway": "○",
    "overdue": "▲",
    "waiting": "▲",
    "done": "■",
    "off": "□",
    "unknown": "?",
}
"""Shape of each kind of status, so that colour never speaks alone."""


@register.filter
def language_tag(code: str) -> str:
    """A language as HTML writes it: zh-hans becomes zh-Hans."""
    language, _, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language


@register.filter
def clock_time(moment: datetime) -> str:
    """Hour and minute in the reader's zone: 14:05."""
    return timezone.localtime(moment).strftime("%H:%M")


@register.simple_tag
def day_and_time(moment: datetime, now: datetime) -> SafeString:
    """A moment as people say it, in a time element: today 14:05, yesterday 14:05, 5 March 14:05."""
    local = timezone.localtime(moment)
    days = (timezone.localtime(now).date() - local.date()).days
    hour = clock_time(moment)
    if days == 0:
        text = gettext("today %(time)s") % {"time": hour}
    elif days == 1:
        text = gettext("yesterday %(time)s") % {"time": hour}
    elif days == -1:
        text = gettext("tomorrow %(time)s") % {"time": hour}
    else:
        day = date_format(local, _date_form(local, now))
        text = gettext("%(day)s %(time)s") % {"day": day, "time": hour}
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), text)


@register.simple_tag
def day(moment: datetime, now: datetime) -> str:
    """A day as people say it: 5 March, of another year 5 March 2027."""
    local = timezone.localtime(moment)
    return date_format(local, _date_form(local, now))


def _date_form(local: datetime, now: datetime) -> str:
    if local.year == timezone.localtime(now).year:
        return pgettext("a date in this year, as Django's date format", "j F")
    return pgettext("a date in another year, as Django's date format", "j F Y")


@register.simple_tag
def ago(moment: datetime, now: datetime) -> SafeString:
    """How long ago, or in how long, in a time element that counts on in the browser."""
    return _ticking(moment, "relative", relative_text((now - moment).total_seconds()))


@register.simple_tag
def age(moment: datetime, now: datetime) -> SafeString:
    """The time since or until a moment as a counting clock: 3:07."""
    return _ticking(moment, "clock", clock_text((now - moment).total_seconds()))


def _ticking(moment: datetime, form: str, text: str) -> SafeString:
    return format_html(
        '<time datetime="{}" data-ticking="{}" title="{}">{}</time>',
        moment.isoformat(),
        form,
        timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S"),
        text,
    )


def relative_text(seconds: float) -> str:
    """3 minutes ago, or in 3 minutes; the browser's ticking.js says the same."""
    size = abs(round(seconds))
    if size < MINUTE_S:
        return _seconds(size, past=seconds >= 0)
    if size < HOUR_S:
        return _minutes(size // MINUTE_S, past=seconds >= 0)
    if size < DAY_S:
        return _hours(size // HOUR_S, past=seconds >= 0)
    return _days(size // DAY_S, past=seconds >= 0)


def _seconds(count: int, *, past: bool) -> str:
    if past:
        return ngettext("%(n)d second ago", "%(n)d seconds ago", count) % {"n": count}
    return ngettext("in %(n)d second", "in %(n)d seconds", count) % {"n": count}


def _minutes(count: int, *, past: bool) -> str:
    if past:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", count) % {"n": count}
    return ngettext("in %(n)d minute", "in %(n)d minutes", count) % {"n": count}


def _hours(count: int, *, past: bool) -> str:
    if past:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", count) % {"n": count}
    return ngettext("in %(n)d hour", "in %(n)d hours", count) % {"n": count}


def _days(count: int, *, past: bool) -> str:
    if past:
        return ngettext("%(n)d day ago", "%(n)d days ago", count) % {"n": count}
    return ngettext("in %(n)d day", "in %(n)d days", count) % {"n": count}


def clock_text(seconds: float) -> str:
    """A duration as figures without its sign: 0:42, 3:07, 2:03:07."""
    minutes, second = divmod(abs(int(seconds)), MINUTE_S)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


@register.filter
def phone_grouped(number: str) -> str:
    """A number as it is read aloud: 138 1234 5678, 0510-8888 1234; short numbers as they are.

    Source: GB numbering of 工信部《电信网编号计划》(2017): mobiles 1xx and 11 digits; area codes
    010 and 02x have three digits with their zero, all others four.
    """
    digits = re.sub(r"[^\d+]", "", number)
    if digits.startswith("+") and not digits.startswith("+86"):
        return re.sub(r"(?<=\d)(?=(?:\d{4})+$)", " ", digits)
    national = digits.removeprefix("+86")
    if re.fullmatch(r"1\d{10}", national):
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    if digits.startswith("+86") and len(national) > 8:
        national = national if national.startswith("0") else f"0{national}"
    area = re.match(r"0(?:10|2\d|[3-9]\d{2})(?=\d{7,8}$)", national)
    if area:
        rest = national[area.end() :]
        return f"{area.group()}-{rest[:-4]} {rest[-4:]}"
    return national


@register.inclusion_tag("web/parts/status.html")
def status(kind: str, word: str) -> dict[str, str]:
    """A status by shape, colour and word. Kinds are those of SHAPES."""
    return {"kind": kind, "shape": SHAPES[kind], "word": word}


@register.inclusion_tag("web/parts/panels.html", takes_context=True)
def panels(context: Context, place: str, *arguments: object) -> dict[str, object]:
    """The panels of a place (`web.panels`) that the reader may see, each fetched by itself."""
    actor = _reader(context)
    return {"addresses": parts.addresses(parts.Place(place), actor, *arguments) if actor else []}


@register.inclusion_tag("web/parts/navigation.html", takes_context=True)
def navigation(context: Context, room: str) -> dict[str, object]:
    """The links of a room's bar (`web.navigation`) that the reader may follow."""
    actor = _reader(context)
    entries = list(bars.entries_for(room, actor)) if actor else []
    return {"entries": entries, "here": context.get("here", "")}


@register.simple_tag(takes_context=True)
def may(context: Context, resource: str, action: str) -> bool:
    """Whether the access table grants the reader an action: `{% may "desk" "read" as word %}`."""
    actor = _reader(context)
    return actor is not None and actor.scope(resource, action) is not None


@register.simple_tag(takes_context=True)
def home(context: Context) -> str:
    """Where the reader starts; the desk for whoever is not signed in."""
    user = getattr(context.get("request"), "user", None)
    return home_of(user) if isinstance(user, User) else HOMES[Role.OPERATOR]


def _reader(context: Context) -> Actor | None:
    request = context.get("request")
    if request is None or not isinstance(request.user, User):
        return None
    try:
        return actor_for(request)
    except NotAllowed:
        return None


@register.simple_tag
def journal_position() -> int:
    """The number of the last event that is known while the page is made."""
    return journal.last_seq()


@register.simple_tag(takes_context=True)
def server_time(context: Context) -> str:
    """The moment the page was made: its view's `now`, or else the database's."""
    now: datetime = context.get("now") or clock.now()
    return now.isoformat()
