"""From the words of an address to a position: a port, the offline gazetteer, Nominatim."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models.functions import Length
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim

from backend.places import queries
from backend.places.errors import NoGeocoder
from backend.places.models import Address, Area
from backend.places.search import searchable

ALIKE_ENOUGH = 0.45
"""Word similarity; "长江路12号" against "春晖社区长江路12号3栋502室" has 0.57."""
TIMEOUT_S = 5
USER_AGENT = "yian"
SHORTEST = 2


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant; positions are WGS-84."""

    text: str
    lat: float
    lon: float
    area: Area | None
    source: str


class Geocoder(Protocol):
    """Finds places by words, the likeliest first."""

    def find(self, text: str, *, limit: int) -> list[Candidate]:
        """Up to `limit` places.

        Raises:
            NoGeocoder: it does not answer.
        """


class Gazetteer:
    """What the database knows: addresses alike, then areas named in the text. Needs no network."""

    def find(self, text: str, *, limit: int) -> list[Candidate]:
        """Addresses that resemble the text, then the deepest area it names."""
        wanted = searchable(text)
        if len(wanted) < SHORTEST:
            return []
        found = self._addresses(wanted, limit)
        return [*found, *self._areas(wanted)][:limit]

    def _addresses(self, wanted: str, limit: int) -> list[Candidate]:
        alike = (
            Address.objects.filter(lat__isnull=False, search_text__trigram_word_similar=wanted)
            .annotate(alike=TrigramWordSimilarity(wanted, "search_text"))
            .filter(alike__gte=ALIKE_ENOUGH)
            .order_by("-alike", Length("search_text"), "pk")
            .select_related("area")
        )
        return [
            Candidate(a.text, a.lat, a.lon, a.area, "address")
            for a in alike[:limit]
            if a.lat is not None and a.lon is not None
        ]

    def _areas(self, wanted: str) -> list[Candidate]:
        named = [area for area in Area.objects.order_by("-path") if searchable(area.name) in wanted]
        if not named:
            return []
        deepest = max(named, key=lambda area: (area.path.count("."), len(area.name)))
        middle = queries.office_of(deepest)
        return [Candidate(deepest.name, *middle, deepest, "area")] if middle else []


class NominatimGeocoder:
    """A Nominatim server over the network; never called inside a transaction."""

    def __init__(self, url: str) -> None:
        """Remember the server."""
        parts = urlsplit(url)
        self._nominatim = Nominatim(
            scheme=parts.scheme,
            domain=f"{parts.netloc}{parts.path}".rstrip("/"),
            user_agent=USER_AGENT,
            timeout=TIMEOUT_S,
        )

    def find(self, text: str, *, limit: int) -> list[Candidate]:
        """What the server finds in China.

        Raises:
            NoGeocoder: it did not answer in time, or not in its form.
        """
        if connection.in_atomic_block:
            raise RuntimeError("a network call inside a transaction")
        try:
            found = self._nominatim.geocode(
                text, exactly_one=False, limit=limit, country_codes="cn", language="zh"
            )
        except GeopyError as error:
            raise NoGeocoder from error
        return [
            Candidate(
                place.address,
                place.latitude,
                place.longitude,
                queries.area_at(place.latitude, place.longitude),
                "nominatim",
            )
            for place in found or []
        ]


def configured() -> list[Geocoder]:
    """The gazetteer, then Nominatim where its address is set."""
    url = settings.ENV.nominatim_url
    return [Gazetteer(), NominatimGeocoder(url)] if url else [Gazetteer()]


def find_places(text: str, *, limit: int = 5) -> list[Candidate]:
    """The first geocoder's places that knows any.

    Raises:
        NoGeocoder: none knew any, and one did not answer.
    """
    for geocoder in configured():
        found = geocoder.find(text, limit=limit)
        if found:
            return found
    return []
