"""Areas as a tree, and addresses."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Datum(models.TextChoices):
    """The datum a position came in; it is always kept as WGS-84."""

    WGS84 = "wgs84", "WGS-84"
    GCJ02 = "gcj02", "GCJ-02"
    BD09 = "bd09", "BD-09"


class Area(models.Model):
    """A district, street, community or grid.

    `path` is the codes from the root joined by dots, ended by a dot ("320205.001.004."), so that
    a subtree is a prefix. Source of the levels: 12-digit statistical area code 2+2+2+3+3, grid
    CJ/T 349-2010 + 2 digits.
    """

    class Level(models.TextChoices):
        DISTRICT = "district", _("district")
        STREET = "street", _("street")
        COMMUNITY = "community", _("community")
        GRID = "grid", _("grid")

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=12, choices=Level.choices)
    code = models.CharField(max_length=12)
    path = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=60)
    polygon = models.JSONField(null=True)
    """Outline as GeoJSON coordinates of one polygon, WGS-84, [[[lon, lat], …]]."""
    office_lat = models.FloatField(null=True)
    office_lon = models.FloatField(null=True)
    """Where its people start from when they did not say where they are."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "code"], name="area_code_once_in_parent")
        ]
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """Where something is: words for people, a position for distances."""

    area = models.ForeignKey(Area, models.PROTECT)
    text = models.CharField(max_length=200)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    datum = models.CharField(max_length=6, choices=Datum.choices, default=Datum.WGS84)
    position_source = models.CharField(max_length=30, blank=True)
    search_text = models.CharField(max_length=200, blank=True, editable=False)
    """`search.searchable(text)`."""

    class Meta:
        indexes = [
            GinIndex(fields=["search_text"], name="address_search", opclasses=["gin_trgm_ops"])
        ]

    def __str__(self) -> str:
        return self.text
