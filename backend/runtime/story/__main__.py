"""`make demo`: play the story against the running stack, or against one of its own."""

import os
import sys
from pathlib import Path

from backend.runtime.story.actors import DidNotHappen
from backend.runtime.story.day import OrdinaryDay
from backend.runtime.story.lifeline import Lifeline
from backend.runtime.story.stack import NotStarted, found_or_started


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """0 when every step happened."""
    try:
        with found_or_started(Path(os.environ.get("YIAN_STATE", "var"))) as run:
            _say("A press at home, through the public doors; seconds since the press:")
            Lifeline(run, say=_say).play()
            _say("An ordinary day in compressed time; seconds since it began:")
            OrdinaryDay(run, say=_say).play()
    except (DidNotHappen, NotStarted) as error:
        _say(f"This did not happen: {error}")
        return 1
    _say("Every step happened.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
