"""What the ground keeps that leads to a person."""

NOT_ABOUT = (
    (
        "core.JournalEvent",
        "says only that something of the other sections changed, and to whose screens it goes",
    ),
)
