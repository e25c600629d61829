"""schemathesis over the whole OpenAPI document, with all its checks and several identities.

Each door is asked as an officer of one street, and as whoever else is served there. Whatever one
officer is shown of their street, the officer of the other must not get (`peers`).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.browser.stack import District, a_district
from tests.security.findings import Finding

TOOL = "openapi"
PEERS = ("officer_street1", "officer_street2")
OTHERS = (
    "lead",
    "officer",
    "administrator",
    "auditor",
    "operator1",
    "caregiver1",
    "family1",
    "resident1",
)
BOUNDED = ("--phases", "fuzzing", "--max-examples", "2", "--max-time", "40")
WHOLE = ("--phases", "coverage,fuzzing", "--max-examples", "20")
SEED = "20261126"


class NothingTried(Exception):
    """The run made no request, and so shows nothing."""


def findings(*, is_bounded: bool) -> Iterator[Finding]:
    """Everything that schemathesis finds at a district of its own.

    Raises:
        NothingTried: it could not begin; the text says why.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yian-")))
        district = stack.enter_context(a_district(folder))
        events = folder / "events.ndjson"
        said = _run(district, folder, events, BOUNDED if is_bounded else WHOLE)
        lines = events.read_text("utf-8").splitlines() if events.exists() else []
        recorders = [
            event["ScenarioFinished"]["recorder"]
            for event in map(json.loads, lines)
            if "ScenarioFinished" in event
        ]
        if not any(each.get("interactions") for each in recorders):
            raise NothingTried(said[-2000:])
        for recorder in recorders:
            yield from _failures(recorder)


def _run(district: District, folder: Path, events: Path, extent: tuple[str, ...]) -> str:
    identities = [
        {
            "name": name,
            "fixedHeaders": [
                {
                    "name": "Authorization",
                    "value": f"Bearer {district.named(name)['api_token']}",
                }
            ],
        }
        for name in (*PEERS, *OTHERS)
    ]
    (folder / "identities.json").write_text(json.dumps({"auth": identities}))
    config = folder / "schemathesis.toml"
    config.write_text(
        f'[auth.wfc]\npath = "{folder / "identities.json"}"\npeers = {json.dumps(list(PEERS))}\n'
    )
    run = subprocess.run(
        (
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run",
            f"{district.url}/api/v1/schema/?format=json", "--url", district.url,
            "--checks", "all", "--continue-on-failure", "--no-shrink", "--seed", SEED,
            "--generation-database", "none", "--request-timeout", "20", "--workers", "2",
            "--report", "ndjson", "--report-ndjson-path", str(events), "--no-color", *extent,
        ),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    return run.stdout + run.stderr


def _failures(recorder: dict[str, Any]) -> Iterator[Finding]:
    for case_id, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] != "failure":
                continue
            case = recorder["cases"][case_id]["value"]
            answer = recorder.get("interactions", {}).get(case_id, {}).get("response") or {}
            told = check.get("failure_info", {}).get("failure", {}).get("message", "")
            where = f"{case['method']} {case['path']} {answer.get('status_code', '')}"
            yield Finding(TOOL, check["name"], where, " ".join(told.split())[:300])
