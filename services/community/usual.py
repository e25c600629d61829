"""The services that a district usually begins with: the six helps, and the other needs.

Prices are empty: each district has its own. Hours are those at which somebody can come.
"""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from services.community.models import Service
from services.visits.models import Service as VisitService

Category, Fulfilment = Service.Category, Service.Fulfilment

_BY_DAY = [time(9, 0), time(14, 0), time(16, 0)]


def _visit(service: VisitService, minutes: int, **others: Any) -> dict[str, Any]:
    return {
        "fulfilment": Fulfilment.VISIT,
        "visit_service": service,
        "duration_min": minutes,
        "hours": _BY_DAY,
        "lead_min": 240,
        "cancel_before_min": 120,
        **others,
    }


_RUNG_BACK = (
    (Category.HEALTH, "健康咨询", "Health", "体检、慢病、用药", "Check-ups, medicines"),
    (
        Category.SOCIAL_SECURITY,
        "社保和补贴",
        "Social security",
        "养老金、医保、补贴",
        "Pension, insurance, benefits",
    ),
    (Category.TRANSPORT, "出行", "Transport", "老年卡、接送", "Passes and lifts"),
    (Category.HOUSING, "住房", "Housing", "适老改造、物业", "Adapting homes, repairs"),
    (Category.EDUCATION, "老年学堂", "Courses", "课程和活动", "Courses and activities"),
    (Category.EMPLOYMENT, "找事做", "Employment", "再就业、志愿服务", "Work, helping out"),
)
"""What an operator rings back about: kind, name and a few words, in Chinese and English."""

USUAL_SERVICES: Sequence[Mapping[str, Any]] = (
    {
        "category": Category.MEALS,
        "name": "午餐",
        "name_en": "Lunch",
        "about": "送到家里",
        "about_en": "Brought to your home",
        "fulfilment": Fulfilment.PROVIDER,
        "hours": [time(11, 0), time(11, 30), time(12, 0)],
        "lead_min": 90,
        "cancel_before_min": 60,
        "repeats": True,
        "place": 10,
    },
    {
        "category": Category.MEALS,
        "name": "晚餐",
        "name_en": "Supper",
        "about": "送到家里",
        "about_en": "Brought to your home",
        "fulfilment": Fulfilment.PROVIDER,
        "hours": [time(17, 0), time(17, 30)],
        "lead_min": 90,
        "cancel_before_min": 60,
        "repeats": True,
        "place": 11,
    },
    {
        "category": Category.CLEANING,
        "name": "打扫卫生",
        "name_en": "Cleaning",
        "about": "客厅、厨房、卫生间",
        "about_en": "Rooms, kitchen, bathroom",
        "place": 20,
        **_visit(VisitService.CLEANING, 90),
    },
    {
        "category": Category.BATHING,
        "name": "洗澡",
        "name_en": "Bathing",
        "about": "有人上门帮您洗",
        "about_en": "Somebody comes and helps you",
        "place": 30,
        **_visit(VisitService.BATHING, 60),
    },
    {
        "category": Category.MEDICAL,
        "name": "陪您看病",
        "name_en": "Company to the doctor",
        "about": "挂号、排队、取药",
        "about_en": "Registering, waiting, medicines",
        "place": 40,
        **_visit(VisitService.ESCORT, 180, hours=[time(8, 0), time(13, 0)], lead_min=720),
    },
    {
        "category": Category.MOBILITY,
        "name": "陪您出门",
        "name_en": "Going out together",
        "about": "买菜、散步、办事",
        "about_en": "Shopping, a walk, an errand",
        "place": 50,
        **_visit(VisitService.COMPANY, 60),
    },
    {
        "category": Category.URGENT,
        "name": "家里急修",
        "name_en": "Urgent repair",
        "about": "水、电、燃气、开锁",
        "about_en": "Water, power, gas, locks",
        "fulfilment": Fulfilment.PROVIDER,
        "lead_min": 30,
        "cancel_before_min": 15,
        "place": 60,
    },
    *[
        {
            "category": category,
            "name": name,
            "name_en": name_en,
            "about": about,
            "about_en": about_en,
            "fulfilment": Fulfilment.CALLBACK,
            "lead_min": 0,
            "place": place,
        }
        for place, (category, name, name_en, about, about_en) in enumerate(_RUNG_BACK, start=70)
    ],
)
