"""Milesight's LoRaWAN sensors: channels of two bytes and a value of known length, by model.

The same bytes mean another thing on another model: `03 00 01` is water on a WS303 and somebody who
sits on a VS340. So nothing is read without the model, which the registry knows.

Source: the payload tables of Milesight's sensors at github.com/Milesight-IoT/SensorDecoders; the
code here is ours. Where its words and its tables differ, the table of the newer edition holds.
"""

from typing import NamedTuple

from devices.adapters.milesight.channels import Said, read_channels
from devices.adapters.milesight.models import MODELS, SMOKE, model_of
from devices.adapters.milesight.smoke import read_smoke

__all__ = ["MODELS", "Frame", "Said", "model_of", "read"]


class Frame(NamedTuple):
    """What a frame says; `refusal` is why the rest of it could not be read, or ""."""

    said: list[Said]
    refusal: str = ""


def read(model: str, data: bytes, *, firmware: str = "", is_sos: bool = False) -> Frame:
    """Read a frame of a model; a button for help calls for it however it is pressed.

    Never raises for what a device sends: what cannot be read ends the frame with a code.
    """
    if model == SMOKE:
        return Frame(*read_smoke(data))
    known = MODELS.get(model)
    if known is None:
        return Frame([], "unknown_model")
    return Frame(*read_channels(known, data, firmware=firmware, is_sos=is_sos))
