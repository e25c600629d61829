"""What the door of watches counts."""

from prometheus_client import Counter, Gauge

LINES = Gauge("yian_watch_lines", "Open lines of the door of watches.", labelnames=["known"])
CLOSED = Counter(
    "yian_watch_closed", "Lines that the door of watches ended, by reason.", labelnames=["reason"]
)
FRAMES = Counter(
    "yian_watch_frames", "Frames at the door of watches, by what became of them.", ["outcome"]
)
RECEIVED = FRAMES.labels("received")
