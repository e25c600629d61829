"""How people are called: 陈女士, Ms Chen, 陈**."""

from django.utils import translation
from django.utils.translation import pgettext

from backend.people.models import Language, Resident
from backend.people.surnames import COMPOUND, PINYIN

PARTS_SIGN = "·"
"""Between the parts of names of peoples who write them so: 阿卜杜拉·买买提."""


def surname(name: str) -> str:
    """By what somebody is addressed: 陈 of 陈桂英, 欧阳 of 欧阳兰, 阿卜杜拉, Smith."""
    name = name.strip()
    if PARTS_SIGN in name:
        return name.partition(PARTS_SIGN)[0]
    if name.isascii():
        return name.rpartition(" ")[2]
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]


def short_name(resident: Resident, language: str) -> str:
    """The polite short form in a language; the whole name where the sex is not known."""
    family = surname(resident.name)
    if language == Language.EN:
        family = PINYIN.get(family, family)
    with translation.override(language):
        if resident.sex == Resident.Sex.FEMALE:
            return pgettext("polite short name", "Ms %(surname)s") % {"surname": family}
        if resident.sex == Resident.Sex.MALE:
            return pgettext("polite short name", "Mr %(surname)s") % {"surname": family}
    return resident.name


def masked(name: str) -> str:
    """What a list shows to those who need not know: 陈**."""
    return f"{name.strip()[:1]}**" if name.strip() else ""
