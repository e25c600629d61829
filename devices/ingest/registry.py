"""Who is at the door: tokens and names of devices, looked up in groups and kept for seconds."""

import time
from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import Q

from backend.accounts import tokens
from backend.accounts.models import AccessToken
from devices.adapters import ADAPTERS
from devices.ingest.lanes import HOLD_S, Lane, Limits
from devices.ingest.profiles import UNKNOWN, Profile
from devices.models import Device

FRESH_S = 2.0
"""A rotated token or a device taken away is refused at the latest so long after."""
MOST_KEPT = 50_000
NETWORKS = frozenset(name for name, adapter in ADAPTERS.items() if adapter.by_network)

Names = dict[str, UUID]


class Identity(NamedTuple):
    """Whose credentials these are: a device, a gateway, or a resident with an SOS token."""

    id: UUID
    token_hash: str
    names: Names
    """The names under which its devices send."""
    is_gateway: bool = False
    is_resident: bool = False
    profiles: Mapping[UUID, Profile] = MappingProxyType({})

    def profile_of(self, name: str) -> Profile:
        """What is known of the device meant by a name."""
        device_id = self.device_named(name)
        return self.profiles.get(device_id, UNKNOWN) if device_id else UNKNOWN

    def device_named(self, name: str) -> UUID | None:
        """The device meant by a name; none named is the sender itself, if it is no gateway."""
        if not name:
            return None if self.is_gateway else self.id
        return self.names.get(name)


class Asked(NamedTuple):
    """One look-up: an identity by its token's hash or its id, or any device by name."""

    by: Literal["token", "id", "name"]
    value: str


class Registry:
    """Looks up devices in a lane of its own: askers who come meanwhile share one query."""

    def __init__(self, *, hold_s: float = HOLD_S) -> None:
        """Nothing is known before the first question."""
        limits = Limits(at_once=500, hold_s=hold_s)
        self._lane: Lane[Asked, Identity | None] = Lane("registry", look_up, limits)
        self._kept: dict[Asked, tuple[float, Identity | None]] = {}

    def start(self) -> None:
        """Begin to answer."""
        self._lane.start()

    async def stop(self) -> None:
        """End."""
        await self._lane.stop()

    async def of_token(self, token: str) -> Identity | None:
        """Whose token this is; None for nobody's.

        Raises:
            NotCommitted: the database does not answer.
        """
        return await self._find(Asked("token", tokens.hashed(token)))

    async def of_id(self, device_id: str) -> Identity | None:
        """The device or gateway with this identifier."""
        return await self._find(Asked("id", device_id))

    def known_by_id(self, device_id: str) -> Identity | None:
        """As `of_id`, without asking: None also for who has not been looked up of late."""
        until, known = self._kept.get(Asked("id", device_id), (0.0, None))
        return known if until > time.monotonic() else None

    async def of_name(self, name: str) -> Identity | None:
        """The only device that has this identifier or this name at its gateway."""
        return await self._find(Asked("name", name))

    async def _find(self, asked: Asked) -> Identity | None:
        until, known = self._kept.get(asked, (0.0, None))
        if until > time.monotonic():
            return known
        found = await self._lane.do(asked)
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[asked] = (time.monotonic() + FRESH_S, found)
        return found


def look_up(asked: list[Asked]) -> list[Identity | None]:
    """Answer a group of questions with two or three queries."""
    by: dict[Asked, list[Identity]] = defaultdict(list)
    for identity, own_name in _devices_among(asked):
        by[Asked("id", str(identity.id))].append(identity)
        by[Asked("token", identity.token_hash)].append(identity)
        for name in {str(identity.id), own_name}:
            by[Asked("name", name)].append(identity)
    hashes = [one.value for one in asked if one.by == "token" and one not in by]
    for identity in _residents_with(hashes):
        by[Asked("token", identity.token_hash)].append(identity)
    return [_only(by.get(one, [])) for one in asked]


def _devices_among(asked: list[Asked]) -> list[tuple[Identity, str]]:
    """The devices asked for, each with its own name."""
    ids = {one.value for one in asked if one.by != "token" and _is_id(one.value)}
    hashes = {one.value for one in asked if one.by == "token"}
    names = {one.value for one in asked if one.by == "name"} - ids
    wanted = Q(pk__in=ids) | Q(token_hash__in=hashes) | Q(external_id__in=names)
    devices = list(Device.objects.filter(wanted, active=True).only("token_hash", *_TOLD))
    behind = _behind([one.pk for one in devices if _is_homes_own(one)])
    return [(_identity(one, behind.get(one.pk, [])), one.external_id) for one in devices]


def _is_homes_own(device: Device) -> bool:
    """Whether it is the gateway of one home, whose few devices are known with it.

    Those of a network are tens of thousands, and looked up one by one (`uplinks`).
    """
    return device.kind == Device.Kind.GATEWAY and device.adapter not in NETWORKS


_TOLD = ("pk", "kind", "external_id", "gateway_id", "adapter", "model", "firmware")


def _behind(gateways: list[UUID]) -> dict[UUID, list[Device]]:
    if not gateways:
        return {}
    found: dict[UUID, list[Device]] = defaultdict(list)
    for device in Device.objects.filter(gateway__in=gateways, active=True).only(*_TOLD):
        if device.gateway_id is not None:
            found[device.gateway_id].append(device)
    return found


def _identity(device: Device, behind: list[Device]) -> Identity:
    names: Names = {}
    for one in (device, *behind):
        names[str(one.pk)] = one.pk
        if one.external_id:
            names[one.external_id] = one.pk
    return Identity(
        device.pk,
        device.token_hash,
        names,
        is_gateway=device.kind == Device.Kind.GATEWAY,
        profiles={one.pk: _profile(one) for one in (device, *behind)},
    )


def _profile(device: Device) -> Profile:
    return Profile(device.kind, device.adapter, device.model, device.firmware, device.gateway_id)


def _residents_with(hashes: list[str]) -> list[Identity]:
    """The residents behind SOS tokens; such a token has no end but its revocation.

    That of a closed account is theirs all the same: nobody's help is locked.
    """
    if not hashes:
        return []
    found = AccessToken.objects.filter(
        hash__in=hashes,
        kind=AccessToken.Kind.SOS,
        revoked_at=None,
        user__resident__isnull=False,
    ).values_list("user__resident", "hash")
    return [Identity(resident, token, {}, is_resident=True) for resident, token in found]


def _only(found: list[Identity]) -> Identity | None:
    """The one found; two of the same name are nobody."""
    return found[0] if len(found) == 1 else None


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
