"""Pages of reminders, the daily I-am-OK and of nobody forgotten."""
