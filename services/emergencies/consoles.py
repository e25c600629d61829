"""Heartbeats of boards become presence; registered at start."""

from datetime import datetime

from backend.web import presence
from backend.web.presence import Console
from services.emergencies import watching


def _seen(console: Console, now: datetime) -> None:
    watching.report_console(
        console=console.id,
        user=console.actor.reference,
        area_path=console.actor.area_path,
        sound_on=console.sound_on,
        now=now,
    )


def _left(console: Console) -> None:
    watching.leave_console(console=console.id)


presence.register(seen=_seen, left=_left)
