"""What is kept of people here: nothing but their key, for 30 days."""

NOT_ABOUT = (("webhooks.Notice", "ids of an event that another system is told of, for 30 days"),)
