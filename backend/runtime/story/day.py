"""An ordinary day in compressed time: a visit, a medicine, supper, a complaint, an I-am-OK."""

import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.runtime.story.actors import DidNotHappen
from backend.runtime.story.scene import Scene

ZONE = ZoneInfo("Asia/Shanghai")
SUPPER, SUPPER_AT, DAYS_AHEAD = "晚餐", 17, 13
MEDICINE = "钙片一片"
ANSWER = "食堂已换保温箱"
ASKED_WITHIN_S = 90.0
"""A reminder is set to the minute, and the next one may have just begun."""
RINGS_WITHIN_S = 30.0


class OrdinaryDay(Scene):
    """What happens on most days, when nobody presses the red button."""

    def _play(self) -> None:
        self.mother = self.person(self.named(self.story["elder"]["username"]))
        self.daughter = self.person(self.named(self.story["daughter"]["username"]))
        self.lead = self.person(self.user("lead"))
        self.elder_phone = self.telephone(self.story["elder"]["phone"])
        self.daughter_phone = self.telephone(self.story["daughter"]["phone"])
        self.resident: str = self.story["elder"]["resident"]
        self._visit()
        self._medicine()
        self._supper()
        self._complaint()
        self._says_that_she_is_well()
        self._seen_by_the_daughter()

    def _visit(self) -> None:
        carer_account = self.story["caregivers"][0]
        carer = self.person(self.named(carer_account["username"]))
        visit = self._next_visit()
        path = f"/api/v1/visits/{visit['id']}"
        self.done(
            self.lead.post(f"{path}/assign/", {"caregivers": [carer_account["caregiver"]]}),
            "the visit is given to her",
        )
        code = self.mother.get(f"{path}/code/")["code"]
        proof = {"method": "code", "code": code}
        self.done(carer.post(f"{path}/check-in/", {"key": _key(), **proof}), "arrives")
        self.step("arrived", "the caregiver arrives; the mother says the code of the door")
        self.daughter_phone.shows("text.received", within_s=RINGS_WITHIN_S)
        self.step("arrival_told", "her daughter reads that somebody is there")
        for task in visit["tasks"]:
            told = {"key": _key(), "task": task, "outcome": "done"}
            self.done(carer.post(f"{path}/tasks/", told), f"{task} is done")
        self.done(carer.post(f"{path}/check-out/", {"key": _key(), **proof}), "leaves")
        self.step("left", f"{len(visit['tasks'])} tasks done; the caregiver leaves")

    def _next_visit(self) -> dict[str, Any]:
        found = self.lead.get(f"/api/v1/visits/?resident={self.resident}&limit=500")["results"]
        for visit in found:
            if visit["state"] in ("planned", "assigned"):
                return dict(visit)
        raise DidNotHappen("the mother has a visit this week")

    def _medicine(self) -> None:
        at = datetime.now(ZONE) + timedelta(minutes=1)
        reminder = {
            "resident": self.resident,
            "kind": "medicine",
            "text": MEDICINE,
            "rule": "FREQ=DAILY",
            "times": [f"{at:%H:%M}"],
            "starts_on": f"{at:%Y-%m-%d}",
            "ends_on": f"{at:%Y-%m-%d}",
        }
        made = self.done(self.daughter.post("/api/v1/reminders/", reminder), "sets a reminder")
        self.step("reminder_set", "the daughter sets a reminder for her mother's medicine")
        self.elder_phone.answers(MEDICINE, digits="1", within_s=ASKED_WITHIN_S)
        self.step("reminder_answered", "the mother's phone rings, and she presses 1: taken")
        path = f"/api/v1/occurrences/?reminder={made['id']}"
        self.until(
            lambda: [
                each
                for each in self.daughter.get(path)["results"]
                if each["reminder"] == made["id"] and each["state"] == "done"
            ],
            what="the daughter sees that it was taken",
        )
        self.step("reminder_seen", "the daughter sees that it was taken")

    def _supper(self) -> None:
        service = next(
            each
            for each in self.mother.get("/api/v1/services/")["results"]
            if each["name"] == SUPPER
        )
        made = self._ordered(service["id"])
        self.step("supper_ordered", f"the mother orders supper for {made['wanted_at'][:10]}")
        path = f"/api/v1/orders/{made['id']}"
        kitchen = self._kitchen(service["id"])
        for act, body in (
            ("pass-on", {"to": kitchen["id"]}),
            ("take", {}),
            ("set-out", {}),
            ("deliver", {}),
        ):
            self.done(self.lead.post(f"{path}/{act}/", body), act)
        self.step("supper_delivered", f"{kitchen['name']} takes it, sets out and delivers")
        self.done(self.mother.post(f"{path}/rate/", {"rating": 5}), "rates it")
        self.step("supper_rated", "the mother gives it five stars")

    def _ordered(self, service: str) -> dict[str, Any]:
        """A supper on the first day that has none yet: the story may be played again."""
        for days in range(1, DAYS_AHEAD):
            at = (datetime.now(ZONE) + timedelta(days=days)).replace(
                hour=SUPPER_AT, minute=0, second=0, microsecond=0
            )
            order = {"resident": self.resident, "service": service, "wanted_at": at.isoformat()}
            made = self.done(self.mother.post("/api/v1/orders/", order), "orders supper")
            if made["state"] == "ordered":
                return made
        raise DidNotHappen("there is a day without supper")

    def _kitchen(self, service: str) -> dict[str, Any]:
        for provider in self.lead.get("/api/v1/providers/")["results"]:
            if any(offer["service"] == service for offer in provider["service_offers"]):
                return dict(provider)
        raise DidNotHappen("a kitchen brings supper")

    def _complaint(self) -> None:
        said = {"resident": self.resident, "category": "quality", "words": "汤是凉的"}
        made = self.done(self.mother.post("/api/v1/complaints/", said), "complains")
        self.step("complained", "the mother complains: the soup was cold")
        path = f"/api/v1/complaints/{made['id']}"
        self.done(self.lead.post(f"{path}/take/"), "takes it")
        answer = {"answer": ANSWER}
        self.done(self.lead.post(f"{path}/answer/", answer), "answers it")
        self.step("answered", "the kitchen has a warm box now; the centre answers")
        self.elder_phone.answers(ANSWER, digits="1", within_s=RINGS_WITHIN_S)
        self.step("checked_back", "her phone asks whether it is put right; she presses 1")
        self.until(
            lambda: self.lead.get(f"{path}/")["state"] == "closed",
            what="the complaint is closed after it was checked back",
        )
        self.step("complaint_closed", "only now the complaint is closed")

    def _says_that_she_is_well(self) -> None:
        self.elder_phone.shows("call.ended", within_s=RINGS_WITHIN_S)
        self.elder_phone.dial("9")
        _, said = self.elder_phone.shows("call.said", containing="谢谢", within_s=RINGS_WITHIN_S)
        self.step("rings_us", f"the mother rings the centre and presses 9: {said['text']}")
        today = f"{datetime.now(ZONE):%Y-%m-%d}"
        path = f"/api/v1/ok-days/?resident={self.resident}&day={today}"
        self.until(
            lambda: [day for day in self.daughter.get(path)["results"] if day["state"] == "ok"],
            what="the day is marked as well",
        )

    def _seen_by_the_daughter(self) -> None:
        [mother, *_] = self.daughter.get("/api/v1/family/today/")
        self.step("sentence", f"the daughter's page says: {mother['sentence']}")


def _key() -> str:
    return uuid.uuid4().hex
