"""The port of navigation: which pages a room's bar leads to, each for those who may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from backend.accounts.actors import Actor


@dataclass(frozen=True)
class Entry:
    """A link of a room's bar; `here` is the word by which its pages say that they are open."""

    here: str
    url: str
    label: str | Promise
    resource: str
    action: str
    order: int


_entries: dict[str, list[Entry]] = {}


def register(room: str, entry: Entry) -> None:
    """Add a link to a room ("desk", or "staff" beside it); smaller orders stand first."""
    entries = _entries.setdefault(room, [])
    if entry.here not in {each.here for each in entries}:
        entries.append(entry)
        entries.sort(key=lambda each: (each.order, each.here))


def entries_for(room: str, actor: "Actor") -> Iterator[Entry]:
    """The links of a room that this reader may follow."""
    for entry in _entries.get(room, []):
        if actor.scope(entry.resource, entry.action) is not None:
            yield entry
