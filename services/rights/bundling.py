"""The FHIR form of a copy, made by a process of its own.

`fhir.resources` and what it is made of take more memory than a worker should keep for what is
asked a few times a week.
"""

import logging
import subprocess
import sys

from django.conf import settings

MODULE = "services.rights.fhir"
AT_MOST_S = 120

logger = logging.getLogger(__name__)


def bundle_of(copy: bytes) -> bytes | None:
    """The R4 bundle of a copy; None, and a line in the log, where it could not be made."""
    made = subprocess.run(
        [sys.executable, "-m", MODULE],
        input=copy,
        capture_output=True,
        timeout=AT_MOST_S,
        cwd=settings.BASE_DIR,
        check=False,
    )
    if made.returncode:
        logger.error("a bundle could not be made: exit %s", made.returncode)
        return None
    return made.stdout
