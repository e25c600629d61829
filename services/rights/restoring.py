"""After a restore: whoever had been deleted since the backup is deleted again.

Every start migrates before a door opens, and every restore is followed by a start; so it is done
after migrating, and nobody has to think of it.
"""

import logging
from functools import partial

from backend.core import clock
from backend.core.contained import contained
from services.rights import erased_list
from services.rights.actions import erase
from services.rights.policies import CLOCKWORK

logger = logging.getLogger(__name__)


def erase_again() -> int:
    """Delete whoever an old backup brought back; returns how many there were.

    One who cannot be deleted is logged and holds up nobody: help must start all the same, and the
    next start tries again.
    """
    back = erased_list.brought_back()
    for resident in back:
        again = partial(erase, resident, by=CLOCKWORK, now=clock.now())
        contained(f"deleting resident:{resident.pk} again", again)
    return len(back)


def after_migrating(**_signal: object) -> None:
    """Receiver of `post_migrate`; asks the database nothing where nobody was ever deleted."""
    if any(erased_list.entries()) and (count := erase_again()):
        logger.warning("a restored backup had brought back %s deleted people", count)
