"""What a message holds, sorted: readings to store, alarms to raise, what is refused."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from backend.places.datum import Position
from devices import readings
from devices.ingest.clocks import Clock
from devices.ingest.meaning import Meaning, meaning_of
from devices.ingest.observation import Observation, Parsed
from devices.ingest.positions import position_of
from devices.ingest.raising import Alarm
from devices.ingest.store import Row


class Origin(NamedTuple):
    """Where a message came from, and whose it may be.

    `device_named` gives the device of a name for which the sender may speak, or None. `through`
    is the device or gateway whose credentials were right; `name` stands in the records.
    """

    name: str
    device_named: Callable[[str], UUID | None]
    through: UUID | None = None


class Sorted(NamedTuple):
    """A message, sorted; rows and alarms with the index of their observation.

    Alarms of unknown devices have no index: their observation stands among the rejected.
    """

    rows: list[tuple[int, Row]]
    alarms: list[tuple[int | None, Alarm]]
    rejected: list[tuple[int, str]]
    heard: list[tuple[UUID, Observation]]


def nobody(_name: str) -> UUID | None:
    """Speaks for no device: the sender is not known."""
    return None


def sort_out(parsed: Parsed, origin: Origin, *, received_at: str) -> Sorted:
    """Sort what a message holds; `received_at` is ISO 8601."""
    rejected = [(one.index, one.code) for one in parsed.rejected]
    done = Sorted([], [], rejected, [])
    positions = _positions_in(parsed.observations)
    identifiers: dict[UUID, str] = {}
    for index, observation in zip(parsed.indexes, parsed.observations, strict=True):
        device_id = origin.device_named(observation.device)
        if device_id is None:
            done.rejected.append((index, "unknown_device"))
            done.alarms.extend(_strangers(observation, origin, positions))
            continue
        identifier = identifiers.get(device_id) or identifiers.setdefault(device_id, str(device_id))
        line = readings.line(identifier, observation, received_at=received_at)
        meaning = meaning_of(observation)
        done.heard.append((device_id, observation))
        if meaning is None:
            key, key_is_weak = observation.key, observation.key_is_weak
            done.rows.append((index, Row(f"device:{identifier}", key, key_is_weak, line)))
        else:
            position = positions.get(observation.device)
            done.alarms.append((index, _alarm(observation, meaning, device_id, position, line)))
    for observation in parsed.salvaged:
        done.alarms.extend(_salvaged(observation, origin))
    return done


def _positions_in(observations: list[Observation]) -> dict[str, Position]:
    """Where each device of the message says it is now."""
    placed = (
        (one.device, position_of(one.value))
        for one in observations
        if isinstance(one.value, dict) and one.clock is not Clock.LATE
    )
    return {device: position for device, position in placed if position is not None}


def _alarm(
    observation: Observation,
    meaning: Meaning,
    device_id: UUID,
    position: Position | None = None,
    line: str = "",
) -> Alarm:
    return Alarm(
        metric=observation.metric,
        at=observation.at,
        source=f"device:{device_id}",
        call=meaning.call,
        alert=meaning.alert,
        device_id=device_id,
        key=observation.key,
        key_is_weak=observation.key_is_weak,
        position=position,
        line=line,
    )


def _salvaged(observation: Observation, origin: Origin) -> list[tuple[int | None, Alarm]]:
    """An alarm in what was refused: a known device's, or a stranger's."""
    device_id = origin.device_named(observation.device)
    meaning = meaning_of(observation)
    if device_id is None or meaning is None:
        return _strangers(observation, origin, {})
    return [(None, _alarm(observation, meaning, device_id))]


def _strangers(
    observation: Observation, origin: Origin, positions: dict[str, Position]
) -> list[tuple[int | None, Alarm]]:
    """The alarm of somebody for whom the sender may not speak: unverified, and only for help.

    It may say from which home it comes: through a gateway that is known, or from a device that
    names itself by its identifier.
    """
    if observation.call_kind != "emergency" or observation.clock is Clock.LATE:
        return []
    device_id = origin.through or _identifier(observation.device)
    alarm = Alarm(
        metric=observation.metric,
        at=observation.at,
        source=f"device:{device_id}" if device_id else origin.name,
        call="emergency",
        verified=False,
        device_id=device_id,
        key=observation.key,
        key_is_weak=observation.key_is_weak,
        position=positions.get(observation.device),
    )
    return [(None, alarm)]


def _identifier(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
