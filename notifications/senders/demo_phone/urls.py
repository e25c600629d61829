"""Addresses of the demo's telephones."""

from django.urls import path

from notifications.senders.demo_phone import pages

urlpatterns = [
    path("demo/phones", pages.wall, name="demo_phones"),
    path("demo/phones/directory", pages.directory, name="demo_phones_directory"),
]
