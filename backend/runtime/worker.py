"""Celery's worker with its beat in one process: what one machine needs, at half the memory.

`python -m backend.runtime.worker <schedule file>`. Where there are several workers, beat is a
process of its own (deploy/README.md).
"""

import sys

from celery.beat import EmbeddedService
from celery.signals import worker_ready, worker_shutting_down

from backend.celery import app

# Threads, as pool processes outlive a killed worker.
POOL = ("--pool", "threads", "--concurrency", "4", "--queues", "routine,heavy")
QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "INFO")


def main(schedule_file: str) -> None:
    """Work until SIGTERM."""
    beat = EmbeddedService(app, thread=True, schedule_filename=schedule_file)
    worker_ready.connect(lambda **_: beat.start(), weak=False)
    worker_shutting_down.connect(lambda **_: beat.service.stop(), weak=False)
    app.worker_main(["worker", *POOL, *QUIET])


if __name__ == "__main__":
    main(sys.argv[1])
