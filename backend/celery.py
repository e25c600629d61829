"""Celery: beat and workers on the queues `routine` and `heavy`.

It makes, screens, reports and tidies; nobody's call depends on it (DESIGN, invariant 2). Tasks
are idempotent and late-acknowledged; none is sent with an eta or countdown.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

app = Celery("yian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_default_queue="routine",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": 60, "unacked_restore_throttle": 1},
    broker_connection_retry_on_startup=True,
    timezone="Asia/Shanghai",
)
app.autodiscover_tasks()
