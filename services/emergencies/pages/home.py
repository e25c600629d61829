"""`/`: where everybody begins, by what they are here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backend.accounts import sessions
from backend.accounts.actors import actor_of
from backend.accounts.doors import open_page
from backend.accounts.models import Role, User
from services.emergencies.pages import elder, family


@open_page("the red button is for everybody, signed in or not")
@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The page of a resident, a family or a stranger; staff go on to theirs."""
    user = request.user
    if not isinstance(user, User):
        return elder.show_stranger(request)
    match user.role:
        case Role.RESIDENT if user.resident_id:
            return elder.show_resident(request, actor_of(user))
        case Role.FAMILY:
            return family.show_today(request, actor_of(user))
    return redirect(sessions.home_of(user))
