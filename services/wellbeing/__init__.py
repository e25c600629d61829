"""Reminders, the daily I-am-OK, and who was not heard of."""
