"""What the caregivers' app keeps on the telephone of the calls."""

from backend.web import shells

shells.keep(
    "care",
    "emergencies/care/care.css",
    "emergencies/care/care.js",
    "emergencies/care/queue.js",
    "emergencies/care/sharing.js",
    "emergencies/care/user.js",
    "emergencies/fresh.js",
    "web/js/http.js",
    "web/js/live.js",
    "web/js/sound.js",
    "web/js/waiting.js",
)
