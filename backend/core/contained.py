"""Containing a fault: what is wrong with one row must not end a loop that others depend on."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction

logger = logging.getLogger(__name__)


def contained(what: str, work: Callable[[], object]) -> bool:
    """Do one piece of work in a savepoint; whether it could be done. Else it is undone and logged.

    Raises:
        OperationalError, InterfaceError: the database is away, or wants the whole transaction
            again; that is not the work's fault.
    """
    try:
        with transaction.atomic():
            work()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("%s failed and is left out", what)
        return False
    return True
