"""`manage.py tick`: what is due is done, by the database's clock, without Valkey or Celery."""

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from backend.core import lasting

Loop = Callable[[threading.Event], None]

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Runs the loops of `settings.TICK_LOOPS`, each in a thread, until told to stop."""

    help = "Takes due steps and deliveries every second; runs until stopped."
    # What `web` and `migrate` have checked already would only keep a restarted tick waiting.
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until SIGTERM or SIGINT; a loop that ends by itself ends the process."""
        stop = threading.Event()
        failed: list[str] = []
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: stop.set())
        threads = [
            threading.Thread(
                target=self._run, args=(name, import_string(name), stop, failed), name=name
            )
            for name in settings.TICK_LOOPS
        ]
        lasting.settle()
        lasting.keep_to_core(lasting.LAST_CORE)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise SystemExit(f"tick: {', '.join(failed)} ended unexpectedly")

    def _run(self, name: str, loop: Loop, stop: threading.Event, failed: list[str]) -> None:
        try:
            loop(stop)
        finally:
            if not stop.is_set():
                failed.append(name)
                stop.set()
