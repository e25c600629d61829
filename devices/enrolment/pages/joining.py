"""The page behind an invitation: a contact makes their own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from backend.accounts import sessions
from backend.accounts.doors import open_page
from backend.core import clock
from backend.core.errors import DomainError
from backend.people.names import short_name
from devices.enrolment import actions
from devices.enrolment.actions.inviting import invitation_of
from devices.enrolment.errors import BadInvitation


@open_page("the link, sent to the contact's own telephone, is what lets in")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites and what will be seen; a press makes the account and signs in."""
    now = clock.now()
    try:
        invitation = invitation_of(token, now=now)
        if request.method == "POST":
            user = actions.accept_invitation(token, now=now)
            sessions.begin(request, user, how="invitation", now=now)
            return redirect(sessions.home_of(user))
    except BadInvitation as error:
        return render(request, "enrolment/join.html", {"problem": str(error)}, status=404)
    except DomainError as error:
        return render(request, "enrolment/join.html", {"problem": str(error)}, status=409)
    resident = invitation.contact.resident
    context = {
        "who": short_name(resident, get_language() or ""),
        "name": invitation.contact.name,
    }
    return render(request, "enrolment/join.html", context)
