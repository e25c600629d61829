"""Addresses of services.trust."""

from django.urls import URLPattern, URLResolver, path

from services.trust.pages import guardians, looks, opening, sharing

_OPENING = "break-glass/<uuid:opening_id>/"
_PAPER = "desk/guardians/<uuid:guardianship_id>/"
_SHARING = "desk/residents/<uuid:resident_id>/sharing/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("break-glass/", opening.break_glass, name="break_glass"),
    path("break-glass/link/", opening.link, name="break_glass_link"),
    path("break-glass/reviews/", opening.reviews, name="opening_reviews"),
    path(_OPENING, opening.opening, name="opening"),
    path(f"{_OPENING}close/", opening.close, name="opening_close"),
    path(f"{_OPENING}review/", opening.review, name="opening_review"),
    path("who-looked/", looks.who_looked, name="who_looked"),
    path("who-looked/ask/", looks.ask, name="ask_why"),
    path("who-looked/<uuid:resident_id>/link/", looks.link, name="who_looked_link"),
    path("who-looked/questions/", looks.questions, name="look_questions"),
    path(
        "who-looked/questions/<uuid:lookquestion_id>/answer/",
        looks.answer,
        name="look_question_answer",
    ),
    path("desk/guardians/", guardians.papers, name="guardian_papers"),
    path(f"{_PAPER}verify/", guardians.verify, name="guardian_verify"),
    path(f"{_PAPER}review/", guardians.review, name="guardian_review"),
    path(f"{_PAPER}end/", guardians.end, name="guardian_end"),
    path(_SHARING, sharing.panel, name="desk_sharing"),
    path(f"{_SHARING}change/", sharing.change, name="desk_sharing_change"),
]
