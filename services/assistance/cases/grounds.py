"""Grounds of a refusal, a cut or a stop, each with the articles it rests on.

A letter may name no ground that is not here, so every refusal has its article.
Sources: 社会救助暂行办法 (State Council, decree 649); 最低生活保障审核确认办法 (民发〔2021〕57号);
特困人员认定办法; 刚性支出困难家庭认定办法.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.assistance.models.cases import Benefit

_INTERIM, _DIBAO = "社会救助暂行办法", "最低生活保障审核确认办法"
_TEKUN, _RIGID = "特困人员认定办法", "刚性支出困难家庭认定办法"
_HOUSEHOLD = (Benefit.DIBAO, Benefit.DIBAO_EDGE)


@dataclass(frozen=True)
class Ground:
    """Why something is not granted, or no longer."""

    code: str
    text: str | Promise
    articles: tuple[str, ...]
    benefits: tuple[str, ...]
    ends: bool = False
    """Whether it is a ground to cut or stop what was granted."""


GROUNDS = (
    Ground(
        "income_not_below",
        _("The counted income of the household per head is not below the limit."),
        (f"{_INTERIM}第九条", f"{_DIBAO}第十三条"),
        (Benefit.DIBAO,),
    ),
    Ground(
        "income_above_edge",
        _("The counted income of the household per head is not below the limit."),
        (f"{_DIBAO}第八条",),
        (Benefit.DIBAO_EDGE,),
    ),
    Ground(
        "property_above",
        _("The property of the household is above the local limit."),
        (f"{_INTERIM}第九条", f"{_DIBAO}第十四条"),
        _HOUSEHOLD,
    ),
    Ground(
        "not_one_household",
        _("The persons named do not live together as one household."),
        (f"{_DIBAO}第七条",),
        _HOUSEHOLD,
    ),
    Ground(
        "does_not_take_part",
        _("The household did not take part in the investigation, without a reason."),
        (f"{_DIBAO}第二十九条",),
        _HOUSEHOLD,
    ),
    Ground(
        "able_to_work",
        _("The person can work."),
        (f"{_TEKUN}第四条", f"{_TEKUN}第五条"),
        (Benefit.TEKUN,),
    ),
    Ground(
        "has_means",
        _("The person has means of their own to live on."),
        (f"{_TEKUN}第四条", f"{_TEKUN}第六条"),
        (Benefit.TEKUN,),
    ),
    Ground(
        "has_supporter",
        _("Somebody who can owes the person support."),
        (f"{_TEKUN}第四条", f"{_TEKUN}第八条"),
        (Benefit.TEKUN,),
    ),
    Ground(
        "spending_share_low",
        _("The unavoidable spending is not above the local share of the income."),
        (f"{_RIGID}第四条",),
        (Benefit.RIGID_SPENDING,),
    ),
    Ground(
        "rigid_income_above",
        _("The income per head is not below last year's local average."),
        (f"{_RIGID}第四条",),
        (Benefit.RIGID_SPENDING,),
    ),
    Ground(
        "income_rose",
        _("The income, property or size of the household has changed."),
        (f"{_INTERIM}第十三条", f"{_DIBAO}第三十一条", f"{_DIBAO}第三十二条"),
        _HOUSEHOLD,
        ends=True,
    ),
    Ground(
        "third_job_refused",
        _("Suitable work was refused three times in a row without a reason."),
        (f"{_DIBAO}第三十四条",),
        (Benefit.DIBAO,),
        ends=True,
    ),
    Ground(
        "tekun_ends",
        _("The conditions of the support are no longer met."),
        (f"{_TEKUN}第二十四条",),
        (Benefit.TEKUN,),
        ends=True,
    ),
    Ground(
        "term_over",
        _("The term of the recognition is over."),
        (f"{_RIGID}第十条",),
        (Benefit.RIGID_SPENDING,),
        ends=True,
    ),
)
_BY_CODE = {ground.code: ground for ground in GROUNDS}


def grounds_for(benefit: str, *, ends: bool) -> list[Ground]:
    """Grounds that can be named for a benefit."""
    return [each for each in GROUNDS if benefit in each.benefits and each.ends == ends]


def named(codes: Iterable[str]) -> list[Ground]:
    """The grounds of these codes."""
    return [_BY_CODE[code] for code in codes if code in _BY_CODE]


def articles_of(codes: Iterable[str]) -> list[str]:
    """All articles that these grounds rest on, each once."""
    return list(dict.fromkeys(article for ground in named(codes) for article in ground.articles))
