"""What is known of a resident and what the rules say of them; kept rulings; one's own benefits."""

from datetime import date
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from backend.accounts.actors import Actor
from backend.accounts.doors import page
from backend.accounts.queries import residents_condition
from backend.audit.actions import record_reads
from backend.core import clock
from backend.core.errors import DomainError, NotFound
from backend.people.models import Resident
from services.assistance.models import AssistanceCase, BenefitOffer
from services.assistance.policy import checks, gathering, queries, sentences, snapshots, vocabulary
from services.assistance.policy.actions import record_facts
from services.assistance.policy.forms import FactsForm
from services.assistance.policy.judging import Judged, judge_all
from services.assistance.policy.rules import benefits


def _reached(actor: Actor, resource: str, action: str, resident_id: UUID | None) -> Resident:
    reached = residents_condition(actor, actor.scope(resource, action))
    resident = Resident.objects.select_related("area").filter(reached, pk__in=[resident_id]).first()
    if resident is None:
        raise NotFound
    return resident


def _told(judged: Judged, language: str) -> dict[str, object]:
    said = judged.judgement
    return {
        "code": judged.benefit.benefit,
        "name": judged.benefit.name.said(language),
        "answer": said.answer,
        "sentence": sentences.for_citizen(said, judged.benefit, judged.rule, language),
        "lines": sentences.lines_of(said, judged.rule, language),
    }


@page("screenings", "read", room="desk")
@require_GET
def of_resident(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """What a resident would be entitled to, with what is still to be found out."""
    now = clock.now()
    resident = _reached(actor, "screenings", "read", resident_id)
    language = get_language() or ""
    _note_reading(actor, resident, ["known_facts"])
    context = {
        "resident": resident,
        "benefits": [
            _told(each, language) for each in judge_all(resident, day=timezone.localdate(now))
        ],
        "offers": {each.benefit: each for each in BenefitOffer.objects.filter(resident=resident)},
        "now": now,
    }
    return render(request, "assistance/parts/benefits_of_resident.html", context)


@page("known-facts", "create", room="desk")
def facts(request: HttpRequest, actor: Actor, resident_id: UUID) -> HttpResponse:
    """Enter what is known of a resident for one benefit, or for all; with a case, back to it."""
    now = clock.now()
    resident = _reached(actor, "known-facts", "create", resident_id)
    language, today = get_language() or "", timezone.localdate(now)
    asked = request.POST.get("benefit") or request.GET.get("benefit", "")
    case = _case(resident, request.POST.get("case") or request.GET.get("case", ""))
    known = gathering.facts_of([resident], day=today)[resident.pk]
    names = _names(asked, today)
    form = FactsForm(request.POST or None, names=names, known=known, language=language)
    problem, status = "", HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                record_facts(
                    resident,
                    form.values,
                    source=form.cleaned_data["source"],
                    as_of=form.cleaned_data["as_of"],
                    by=actor.user_id,
                    now=now,
                )
            except DomainError as error:
                problem = str(error)
            else:
                return redirect(_back(resident, case))
    _note_reading(actor, resident, ["known_facts"])
    context = {
        "here": "cases" if case else "offers",
        "resident": resident,
        "case": case,
        "asked": asked,
        "back": _back(resident, case),
        "benefit": benefits()[asked].name.said(language) if asked in benefits() else "",
        "form": form,
        "known": [
            (vocabulary.named(name, language), vocabulary.word_of(name).shown(f.value, language), f)
            for name, f in known.items()
            if name in names and f.as_of and vocabulary.facts()[name].comes != "resident"
        ],
        "problem": problem,
    }
    return render(request, "assistance/facts.html", context, status=status)


def _names(asked: str, today: date) -> list[str]:
    """The facts that a benefit's rule needs; of all benefits if none is named."""
    chosen = [benefits()[asked]] if asked in benefits() else list(benefits().values())
    rules = [rule for each in chosen if (rule := each.on(today))]
    return list(dict.fromkeys(name for rule in rules for name in checks.facts_of(rule)))


def _case(resident: Resident, key: str) -> AssistanceCase | None:
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return AssistanceCase.objects.filter(resident=resident, pk=wanted).first()


def _back(resident: Resident, case: AssistanceCase | None) -> str:
    return (
        reverse("desk_case", args=[case.pk])
        if case
        else reverse("desk_resident", args=[resident.pk])
    )


def _note_reading(actor: Actor, resident: Resident, fields: list[str]) -> None:
    record_reads(actor=actor.reference, resident_ids=[resident.pk], fields=fields, now=clock.now())


@page("rulings", "read", room="desk")
@require_GET
def ruling(request: HttpRequest, actor: Actor, ruling_id: UUID) -> HttpResponse:
    """A kept ruling, explained from what was kept, and whether anybody changed it."""
    kept = queries.ruling_for(actor, ruling_id)
    _note_reading(actor, kept.resident, ["ruling"])
    language = get_language() or ""
    recalled = snapshots.recall(kept.content)
    benefit = benefits()[kept.benefit]
    context = {
        "here": "offers",
        "ruling": kept,
        "recalled": recalled,
        "benefit": benefit.name.said(language),
        "is_unchanged": snapshots.hash_of(kept.content) == kept.hash,
        "staff_sentence": sentences.for_staff(recalled.judgement, benefit, recalled.rule, language),
        "citizen_sentence": sentences.for_citizen(
            recalled.judgement, benefit, recalled.rule, language
        ),
        "lines": sentences.lines_of(recalled.judgement, recalled.rule, language),
    }
    return render(request, "assistance/ruling.html", context)


@page("my-benefits", "read")
@require_GET
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What I could get: a sentence for each benefit; what is not known is said, and never no."""
    resident = _reached(actor, "my-benefits", "read", actor.resident_id)
    language = get_language() or ""
    told = [
        _told(each, language) for each in judge_all(resident, day=timezone.localdate(clock.now()))
    ]
    return render(request, "assistance/my_benefits.html", {"benefits": told})
