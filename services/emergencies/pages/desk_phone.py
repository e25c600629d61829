"""The operator's own telephone, to which callers who want a person are put through."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.models import User
from backend.core import clock
from services.emergencies.actions import set_desk_phone
from services.emergencies.forms import DeskPhoneForm
from services.emergencies.models import DeskPhone


@page("desk-phone", "change", room="desk")
@require_http_methods(["GET", "HEAD", "POST"])
def telephone(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which telephone rings; an empty field takes it away."""
    kept = DeskPhone.objects.filter(user=actor.user_id).first()
    form = DeskPhoneForm(request.POST or None, initial={"phone": kept.phone if kept else ""})
    if request.method == "POST" and form.is_valid():
        user = User.objects.get(pk=actor.user_id)
        set_desk_phone(user, phone=form.cleaned_data["phone"], now=clock.now())
        messages.success(request, gettext("Your telephone is kept."))
        return redirect("desk_telephone")
    context = {"form": form, "kept": kept}
    return render(request, "emergencies/desk/telephone.html", context)
