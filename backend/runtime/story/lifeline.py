"""A press at home brings a person to the door, step by step with its measured time."""

import time
from http import HTTPStatus

from backend.runtime.story.actors import DidNotHappen, Event, publish
from backend.runtime.story.scene import Scene

QUICK_LADDER = [
    {"to": ["operators", "resident"], "wait_s": 0, "channels": ["screen", "voice"]},
    {"to": ["first_contact", "nearest_caregiver"], "wait_s": 4, "channels": ["voice", "app"]},
    {"to": ["next_contacts", "next_caregivers"], "wait_s": 8, "channels": ["voice", "app"]},
]
"""The default ladder with shorter waits, so that the story takes a minute."""


class Lifeline(Scene):
    """An emergency, from the button to the family's text."""

    def _play(self) -> None:
        self._prepare()
        call = self._press()
        self._heard(call)
        self._daughter_and_caregiver(call)
        self._help_comes(call)
        self._told(call)

    def _prepare(self) -> None:
        self.operator = self.person(self.user("operator"), "board")
        self.operator.sees(lambda e: e["type"] == "hello", what="the board opens", within_s=10)
        first, second = self.story["caregivers"]
        self.first = self.person(self.named(first["username"]), "me")
        self.second = self.person(self.named(second["username"]), "me")
        self.elder_phone = self.telephone(self.story["elder"]["phone"])
        self.daughter_phone = self.telephone(self.story["daughter"]["phone"])
        self._close_old_calls()
        lead = self.person(self.user("lead"))
        area = self.story["elder"]["area"]
        answer = lead.api.put(
            f"/api/v1/areas/{area}/escalation-policy/", json={"steps": QUICK_LADDER}
        )
        if answer.is_error:
            raise DidNotHappen(f"the ladder could not be set: {answer.text[:200]}")

    def _close_old_calls(self) -> None:
        resident = self.story["elder"]["resident"]
        for call in self.operator.get("/api/v1/calls/?state=open")["results"]:
            if call["resident"] == resident:
                self.operator.post(f"/api/v1/calls/{call['id']}/resolve/", {"outcome": "drill"})

    def _press(self) -> str:
        button = self.story["elder"]["button"]
        self.began = time.monotonic()
        publish(
            self.run,
            user=button["gateway"],
            password=button["gateway_token"],
            topic=f"zigbee2mqtt/{button['external_id']}",
            payload={"action": "emergency", "battery": 100, "linkquality": 120},
        )
        self.step("acknowledged", "the button's message is committed and acknowledged (MQTT)")
        resident = self.story["elder"]["resident"]
        shown: list[Event] = []

        def opened(event: Event) -> bool:
            if event["type"] != "call.opened":
                return False
            call = self.operator.get(f"/api/v1/calls/{event['id']}/")
            if call["resident"] == resident:
                shown.append(call)
            return bool(shown)

        at = self.operator.sees(opened, what="the centre's screen rings", within_s=10)
        call = shown[0]
        place = call["place"]["address"]
        self.step("screen", f"the centre's screen rings: {call['resident_name']}, {place}", at)
        call_id: str = call["id"]
        return call_id

    def _heard(self, call: str) -> None:
        at, _ = self.elder_phone.shows("call.ringing", within_s=10)
        self.step("resident_rung", "the resident's own phone rings", at)
        self.elder_phone.answer()
        _, said = self.elder_phone.shows("call.said", within_s=10)
        self.step("resident_hears", f"and says: {said['text']}")
        self.done(self.operator.post(f"/api/v1/calls/{call}/accept/"), "the operator takes it")
        self.step("handled", "an operator looks after the call; the ladder goes on")

    def _daughter_and_caregiver(self, call: str) -> None:
        at = self.first.sees(
            lambda e: e["type"] == "call.offered" and e["id"] == call,
            what="the nearest caregiver is offered the call",
            within_s=30,
        )
        self.step("offered", "the nearest caregiver is offered the call", at)
        at, _ = self.daughter_phone.shows("call.ringing", within_s=30)
        self.step("daughter_rung", "the daughter's phone rings", at)
        self.daughter_phone.press("3")
        self.step("daughter_answers", "she presses 3: cannot go, wants to stay informed")

    def _help_comes(self, call: str) -> None:
        path = f"/api/v1/calls/{call}"
        accepted = self.done(
            self.first.post(f"{path}/accept/", {"minutes": 6}), "the caregiver accepts"
        )
        self.step("accepted", f"{accepted['accepted_by_name']} is going, 6 minutes")
        late = self.second.post(f"{path}/accept/", {"minutes": 4})
        if late.status_code != HTTPStatus.CONFLICT or late.json()["code"] != "call_taken":
            raise DidNotHappen(f"the second accept was answered {late.status_code}")
        self.step("second_refused", "a second caregiver is told who has it (409 call_taken)")
        at = self.operator.sees(
            lambda e: e["type"] == "call.accepted" and e["id"] == call,
            what="the screen shows who goes",
            within_s=10,
        )
        self.step("accept_seen", "the screen shows who goes", at)
        self.done(self.first.post(f"{path}/on-the-way/", {"minutes": 5}), "on the way")
        self.step("on_the_way", "on the way")
        self.done(self.first.post(f"{path}/arrive/"), "arrived")
        self.step("arrived", "at the door")
        self.done(
            self.first.post(f"{path}/resolve/", {"outcome": "helped", "note": "demo"}), "resolved"
        )
        self.step("resolved", "resolved: helped")

    def _told(self, call: str) -> None:
        _, text = self.daughter_phone.shows("text.received", within_s=20)
        self.step("family_told", f"the daughter reads: {text['text']}")
        timeline = self.operator.get(f"/api/v1/calls/{call}/timeline/")
        seen = {event["type"] for event in timeline}
        missing = {"call.opened", "call.accepted", "call.arrived", "call.resolved"} - seen
        if missing:
            raise DidNotHappen(f"the timeline lacks {sorted(missing)}")
        self.say(f"           the timeline holds {len(timeline)} events, each with its time")
