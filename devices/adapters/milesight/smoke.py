"""The smoke detector GS524N: six bytes, the last of which makes the sum zero.

Source: README of GS524N.
"""

from devices.adapters.milesight.channels import Said

SIZE = 6
ALARM, SILENCED, LOW_BATTERY, FAULT, NORMAL, REMOVED, INSTALLED = 1, 2, 4, 5, 7, 10, 11
TESTS = {14: False, 15: True}
"""A test with a good and with a low battery; neither calls anybody."""
WORDS: dict[int, bool | str] = {
    ALARM: True,
    SILENCED: "silenced",
    FAULT: "fault",
    NORMAL: False,
    14: "test",
    15: "test",
}


def read_smoke(data: bytes) -> tuple[list[Said], str]:
    """What it says. A sum that is wrong costs everything but an alarm."""
    if len(data) < SIZE:
        return [], "cut_off"
    event = data[1] & 0x0F
    if sum(data[:SIZE]) & 0xFF:
        return ([Said("smoke", True)] if event == ALARM else []), "bad_sum"
    said = [Said("battery_percent", data[2])] if data[2] <= 100 else []
    said.append(Said("temperature_celsius", int.from_bytes(data[4:5], "little", signed=True)))
    if event in WORDS:
        said.append(Said("smoke", WORDS[event]))
    if event == LOW_BATTERY or TESTS.get(event):
        said.append(Said("battery_low", True))
    if event in (REMOVED, INSTALLED):
        said.append(Said("tamper", event == REMOVED))
    return said, ""
