"""Celery's worker with its beat in one process: what one machine needs, at half the memory.

`python -m backend.runtime.worker <schedule file>`. Where there are several workers, beat is a
process of its own (deploy/README.md).
"""

import sys

from celery.beat import EmbeddedService
from celery.signals import worker_ready, worker_shutting_down

from backend.celery import app

# Threads, as pool processes outlive a killed worker. The command line of Celery is left alone: it
# loads a shell.
SETTINGS = {
    "pool_cls": "threads",
    "concurrency": 4,
    "queues": "routine,heavy",
    "without_gossip": True,
    "without_mingle": True,
    "loglevel": "INFO",
}


def main(schedule_file: str) -> None:
    """Work until SIGTERM."""
    beat = EmbeddedService(app, thread=True, schedule_filename=schedule_file)
    worker_ready.connect(lambda **_: beat.start(), weak=False)
    worker_shutting_down.connect(lambda **_: beat.service.stop(), weak=False)
    worker = app.Worker(**SETTINGS)
    worker.start()
    sys.exit(worker.exitcode)


if __name__ == "__main__":
    main(sys.argv[1])
