"""What the MQTT doors count."""

from prometheus_client import Counter, Gauge

CONNECTIONS = Gauge(
    "yian_mqtt_connections", "Open connections of the MQTT door.", labelnames=["verified"]
)
CLOSED = Counter(
    "yian_mqtt_closed", "Connections that the MQTT door ended, by reason.", labelnames=["reason"]
)
MESSAGES = Counter(
    "yian_mqtt_messages", "Messages of the MQTT doors, by what became of them.", ["outcome"]
)
RECEIVED = MESSAGES.labels("received")
