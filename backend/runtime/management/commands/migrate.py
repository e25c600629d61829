"""`manage.py migrate`: Django's own, as the owner of the tables; then the application's grants."""

import gc
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection

from backend.core import owner
from backend.runtime import roles
from backend.runtime.errors import RuntimeFault

GARBAGE_LATER = (50_000, 20, 100)
"""Django renders all models anew for many operations, which leaves cycles by the hundred thousand;
looking through them so often as usual took a third of the time (22 s of CPU against 15)."""


class Command(migrate.Command):
    """Migrate as MIGRATE_DATABASE_URL says, and grant DATABASE_URL's role what it needs."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant."""
        gc.freeze()
        gc.set_threshold(*GARBAGE_LATER)
        with owner.connected():
            super().handle(*args, **options)
            connection.ensure_connection()
            try:
                roles.grant(connection.connection, settings.ENV.database_url)
            except RuntimeFault as fault:
                raise CommandError(str(fault)) from fault
