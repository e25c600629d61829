"""What the columns of a table are called, in Chinese or English, and what stands in them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from backend.people.models import Contact, Dialect, Language, Resident

CONTACTS = 3

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "name"),
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "id number"),
    "birth_date": ("出生日期", "birth date"),
    "sex": ("性别", "sex"),
    "phone": ("电话", "联系电话", "手机号", "phone"),
    "second_phone": ("第二电话", "second phone"),
    "address": ("地址", "住址", "居住地址", "address"),
    "area": ("区域", "网格", "社区", "area"),
    "door_code": ("门禁密码", "door code"),
    "key_holder": ("钥匙保管人", "key holder"),
    "entry_notes": ("进门须知", "entry notes"),
    "living": ("居住情况", "living"),
    "mobility": ("行动能力", "mobility"),
    "language": ("语言", "language"),
    "dialect": ("方言", "dialect"),
    **{
        f"contact{number}_{part}": (f"联系人{number}{chinese}", f"contact {number} {english}")
        for number in range(1, CONTACTS + 1)
        for part, chinese, english in (
            ("name", "姓名", "name"),
            ("relation", "关系", "relation"),
            ("phone", "电话", "phone"),
        )
    },
}
"""Column to its headings; the first of each stands in the template file."""

NEEDED = ("name", "address", "area")

CHOICES: Mapping[str, Mapping[str, str]] = {
    "sex": {"男": Resident.Sex.MALE, "女": Resident.Sex.FEMALE},
    "living": {
        "独居": Resident.Living.ALONE,
        "空巢": Resident.Living.EMPTY_NEST,
        "留守": Resident.Living.LEFT_BEHIND,
        "失能": Resident.Living.DISABLED_ELDER,
        "重残": Resident.Living.SEVERE_DISABILITY,
        "计生特殊家庭": Resident.Living.LOST_ONLY_CHILD,
        "特困": Resident.Living.EXTREME_POVERTY,
        "低保": Resident.Living.LOW_INCOME,
        "与家人同住": Resident.Living.WITH_FAMILY,
        "其他": Resident.Living.OTHER,
    },
    "mobility": {
        "行走自如": Resident.Mobility.WALKS,
        "需助行器": Resident.Mobility.WALKS_WITH_AID,
        "轮椅": Resident.Mobility.WHEELCHAIR,
        "卧床": Resident.Mobility.BED,
    },
    "language": {"中文": Language.ZH, "英语": Language.EN, "英文": Language.EN},
    "dialect": {
        "普通话": Dialect.MANDARIN,
        "吴语": Dialect.WU,
        "无锡话": Dialect.WU,
        "粤语": Dialect.CANTONESE,
    },
    "relation": {
        "女儿": Contact.Relation.DAUGHTER,
        "儿子": Contact.Relation.SON,
        "配偶": Contact.Relation.SPOUSE,
        "丈夫": Contact.Relation.SPOUSE,
        "妻子": Contact.Relation.SPOUSE,
        "老伴": Contact.Relation.SPOUSE,
        "兄弟姐妹": Contact.Relation.SIBLING,
        "亲属": Contact.Relation.RELATIVE,
        "邻居": Contact.Relation.NEIGHBOUR,
        "朋友": Contact.Relation.FRIEND,
    },
}
"""What a cell may say besides the word kept in the database."""

_KEPT: Mapping[str, frozenset[str]] = {
    "sex": frozenset(Resident.Sex.values),
    "living": frozenset(Resident.Living.values),
    "mobility": frozenset(Resident.Mobility.values),
    "language": frozenset(Language.values),
    "dialect": frozenset(Dialect.values),
    "relation": frozenset(Contact.Relation.values),
}
_BETWEEN = re.compile(r"[、,,;;/\s]+")
_DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")


def _plain(heading: str) -> str:
    said = unicodedata.normalize("NFKC", heading).strip().lower()
    return re.sub(r"[\s_*]+", " ", said).strip()


_COLUMNS = {_plain(text): column for column, texts in HEADINGS.items() for text in texts}


def columns_of(heading: list[str]) -> list[str]:
    """The column of each place of the heading; "" for one that means nothing to us."""
    found = [_COLUMNS.get(_plain(cell), "") for cell in heading]
    return [name if name not in found[:place] else "" for place, name in enumerate(found)]


def choice(column: str, said: str) -> str | None:
    """The word kept for what a cell says; None when it is none of the list."""
    if said in CHOICES[column]:
        return CHOICES[column][said]
    word = said.lower().replace(" ", "_")
    return word if word in _KEPT[column] else None


def several(column: str, said: str) -> list[str] | None:
    """The words kept for a cell that may say several; None when one is none of the list."""
    words = [choice(column, each) for each in _BETWEEN.split(said) if each]
    return None if None in words else sorted({word for word in words if word})


def day(said: str) -> date | None:
    """A day in one of the forms that tables have."""
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(said, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
