"""When a search stops: after its moves, or when its time is over."""

import time


class Budget:
    """Moves decide, so that the same seed gives the same plan; time only limits."""

    def __init__(self, *, moves: int, deadline: float) -> None:
        """`deadline` by the monotonic clock."""
        self._moves = moves
        self._deadline = deadline
        self._spent = 0
        self.cut_short = False

    def spend(self) -> bool:
        """Whether one more move may be made."""
        if self._spent >= self._moves:
            return False
        if time.monotonic() >= self._deadline:
            self.cut_short = True
            return False
        self._spent += 1
        return True

    @property
    def spent_share(self) -> float:
        """From 0 to 1."""
        return self._spent / self._moves
