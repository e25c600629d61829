"""What every scene of the story has: its people, its steps and their times."""

import time
from collections.abc import Callable
from typing import Any

from backend.runtime.story.actors import DidNotHappen, Person, Telephone
from backend.runtime.story.stack import Run

Say = Callable[[str], None]


class Scene:
    """A part of the story; `play` returns the measured times in seconds."""

    def __init__(self, run: Run, say: Say = print) -> None:
        """Find the people and things that the demo's seed names for stories."""
        self.run = run
        self.say = say
        self.times: dict[str, float] = {}
        self.story: dict[str, Any] = run["stories"]
        self.began = time.monotonic()
        self.open: list[Person | Telephone] = []

    def play(self) -> dict[str, float]:
        """Play the whole scene.

        Raises:
            DidNotHappen: a step did not happen.
        """
        try:
            self._play()
        finally:
            for each in self.open:
                each.close()
        return self.times

    def _play(self) -> None:
        raise NotImplementedError

    def person(self, who: dict[str, Any], socket: str = "") -> Person:
        """Somebody at their door, until the scene ends."""
        person = Person(self.run, who, socket)
        self.open.append(person)
        return person

    def telephone(self, number: str) -> Telephone:
        """A telephone in somebody's hand, until the scene ends."""
        telephone = Telephone(self.run, number)
        self.open.append(telephone)
        return telephone

    def user(self, role: str) -> dict[str, Any]:
        """The first account of a role."""
        found: dict[str, Any] = next(u for u in self.run["users"] if u["role"] == role)
        return found

    def named(self, username: str) -> dict[str, Any]:
        """The account of this name."""
        found: dict[str, Any] = next(u for u in self.run["users"] if u["username"] == username)
        return found

    def step(self, name: str, text: str, at: float | None = None) -> None:
        """Say that a step happened, and when."""
        self.times[name] = round((at or time.monotonic()) - self.began, 3)
        self.say(f"  {self.times[name]:7.2f} s  {text}")

    def done(self, answer: Any, what: str) -> dict[str, Any]:
        """The body of an answer.

        Raises:
            DidNotHappen: the answer is an error.
        """
        if answer.is_error:
            raise DidNotHappen(f"{what}: {answer.status_code} {answer.text[:200]}")
        body: dict[str, Any] = answer.json()
        return body

    def until(self, look: Callable[[], Any], *, what: str, within_s: float = 20.0) -> Any:
        """Look every half second until there is something; returns it.

        Raises:
            DidNotHappen: there was nothing in time.
        """
        give_up_at = time.monotonic() + within_s
        while time.monotonic() < give_up_at:
            if found := look():
                return found
            time.sleep(0.5)
        raise DidNotHappen(what)
