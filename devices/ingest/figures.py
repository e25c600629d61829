"""What the doors count."""

from prometheus_client import Counter

OBSERVATIONS = Counter(
    "yian_observations", "Observations at the doors, by what became of them.", ["outcome"]
)
ACCEPTED = OBSERVATIONS.labels("accepted")
DUPLICATES = OBSERVATIONS.labels("duplicate")
REJECTED = OBSERVATIONS.labels("rejected")

ALARMS = Counter("yian_alarms", "Alarms raised at the doors.", ["verified"])
NOT_COMMITTED = Counter(
    "yian_not_committed", "Messages that were sent away because the database did not take them."
)
