"""MQTT: our own door, and the bridge to a broker that others run."""
