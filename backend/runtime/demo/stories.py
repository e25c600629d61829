"""The few people whom the demo's stories name; the rest of the district is drawn by chance."""

from uuid import UUID

from backend.runtime.demo.context import known_id, phone_number

ELDER = known_id("elder")
ELDER_HOUSEHOLD = known_id("elder's household")
DAUGHTER = known_id("daughter")
NEIGHBOUR = known_id("neighbour")
NEAR_CAREGIVERS: tuple[UUID, ...] = (known_id("caregiver near"), known_id("caregiver at hand"))
SECOND_ELDER = known_id("second elder")
SECOND_HOUSEHOLD = known_id("second household")
SECOND_SON = known_id("second elder's son")

ELDER_CELL, SECOND_CELL = 1, 7
"""Grids in which they live."""

ELDER_PHONE = phone_number(1)
DAUGHTER_PHONE = phone_number(2)
NEAR_NAMES = ("王敏", "周建华")
NEAR_PHONES = (phone_number(3), phone_number(4))
NEIGHBOUR_PHONE = phone_number(5)
SECOND_PHONE = phone_number(6)
SECOND_SON_PHONE = phone_number(7)
DUTY_PHONES = (phone_number(8), phone_number(9))
DESK_PHONES = (phone_number(10), phone_number(11))
"""Beside the consoles of the first operators."""
FIRST_FREE_PHONE = 20
