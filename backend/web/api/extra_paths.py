"""The doors that DRF does not serve, as OpenAPI tells of them.

Apart from the description itself, which loads a fifth of what a process without pages needs.
"""

from typing import Any

extra_paths: dict[str, dict[str, Any]] = {}
"""Path items (OpenAPI 3.1) by path; apps add theirs at start. Each operation needs an
`operationId`."""
