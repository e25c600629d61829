"""The few commands that change tables, or what may only be appended to, are their owner's.

Everything else runs as the application's role, which is granted what it needs and no more
(`backend.runtime.roles`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

LOGIN = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def connected() -> Iterator[None]:
    """Be the owner of the tables while the block runs; for commands, which have one thread."""
    own = {name: connection.settings_dict[name] for name in LOGIN}
    owners = {name: settings.OWNER_DATABASE[name] for name in LOGIN}
    if owners == own:
        yield
        return
    connection.close()
    connection.settings_dict.update(owners)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(own)


def url() -> str:
    """The owner's DATABASE_URL."""
    owner: str = settings.ENV.migrate_database_url or settings.ENV.database_url
    return owner
