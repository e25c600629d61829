"""The judge of cases: what the kernel says, on the page of a case and kept with its opinions."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from services.assistance.cases import verdicts
from services.assistance.cases.verdicts import Reason, Verdict
from services.assistance.models import AssistanceCase
from services.assistance.policy import sentences, vocabulary
from services.assistance.policy.answers import Answer
from services.assistance.policy.errors import NoRule
from services.assistance.policy.judging import judge_case, keep_ruling


def judge(case: AssistanceCase, day: date) -> Verdict:
    """What the rules say of a case on a day; unknown where its benefit has no rule."""
    language = get_language() or ""
    try:
        judged = judge_case(case, day=day)
    except NoRule:
        return Verdict(Answer.UNKNOWN)
    said = judged.judgement
    return Verdict(
        answer=said.answer,
        amount_fen=said.amount_fen,
        reasons=tuple(
            Reason(
                text=line.text,
                answer=line.answer,
                value=line.value,
                limit=line.limit,
                article=line.article,
                source="；".join(line.rests_on),
            )
            for line in sentences.lines_of(said, judged.rule, language)
        ),
        rules=f"{case.benefit} {judged.rule.version}",
        sentence=sentences.for_staff(said, judged.benefit, judged.rule, language),
        missing=tuple(vocabulary.named(name, language) for name in said.missing),
    )


def keep(case: AssistanceCase, now: datetime) -> dict[str, Any]:
    """Keep the judgement as a ruling; only its answer and key stand openly with the opinion."""
    try:
        judged = judge_case(case, day=timezone.localdate(now))
    except NoRule:
        return {"answer": Answer.UNKNOWN.value}
    ruling = keep_ruling(case.resident, judged, now=now)
    return {
        "answer": ruling.answer,
        "amount_fen": ruling.amount_fen,
        "rules": f"{case.benefit} {judged.rule.version}",
        "ruling": str(ruling.pk),
        "hash": ruling.hash,
    }


verdicts.register(judge, keep=keep)
