"""What the caregiver's app keeps on the telephone, so that it works for a shift without network."""

from backend.web import shells
from services.visits.pages.care import without_network

MODULES = ("app", "day", "parts", "place", "queue", "store", "views", "visit")

shells.keep(
    "care",
    "visits/care/care.css",
    *(f"visits/care/{name}.js" for name in MODULES),
    later=(
        "visits/care/map.js",
        "web/js/map.js",
        "leaflet/leaflet-src.esm.js",
        "leaflet/leaflet.css",
    ),
)
shells.show_without_network("care", without_network)
