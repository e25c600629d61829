"""Days on which the State works although it is a weekend, or rests although it is none."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HolidayYear(models.Model):
    """A year whose notice of the State Council was entered; other years are weekends only."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(_("Source"), max_length=200)

    def __str__(self) -> str:
        return str(self.year)


class Holiday(models.Model):
    """A day that is not as its weekday says."""

    date = models.DateField(_("Day"), unique=True)
    is_workday = models.BooleanField(_("Is worked on"), default=False)
    name = models.CharField(_("Name"), max_length=40)
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
