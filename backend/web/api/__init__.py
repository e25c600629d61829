"""The API of what lies below: people, places, journal, audit; and what all APIs share."""
