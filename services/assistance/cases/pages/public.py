"""What everybody may see: notices, and whether a letter is genuine."""

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts.doors import open_page
from backend.core import clock
from services.assistance.cases import letters, queries


@open_page("the law has proposals shown to everybody: name, size of the household, amount")
@require_GET
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """Notices that run now, by community; three fields and nothing else."""
    shown = queries.notices_shown(clock.now()).order_by("area__path", "name", "pk")
    groups = [
        (area, list(rows)) for area, rows in groupby(shown, key=lambda notice: notice.area.name)
    ]
    context = {"groups": groups, "phone": settings.ENV.emergency_phone}
    return render(request, "assistance/notices.html", context)


@open_page("whoever holds a letter may ask whether it is genuine; it shows yes or no and a date")
@require_GET
@never_cache
def check_letter(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a letter with this code is genuine, and of which day."""
    asked = request.GET.get("code", "").strip()
    if asked and not code:
        return redirect("letter_check", "".join(asked.upper().split()))
    letter = letters.letter_by_code(code) if code else None
    context = {"code": code, "letter": letter}
    return render(request, "assistance/letter_check.html", context)
