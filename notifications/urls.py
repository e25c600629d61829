"""Addresses of the hooks, and of the demo's telephones."""

from django.urls import URLPattern, URLResolver, include, path

from notifications import hooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("notifications.senders.demo_phone.urls")),
    path("hooks/v1/twilio/voice/<uuid:attempt>", hooks.voice),
    path("hooks/v1/twilio/gather/<uuid:attempt>", hooks.gather),
    path("hooks/v1/twilio/call-status/<uuid:attempt>", hooks.call_status),
    path("hooks/v1/twilio/message-status/<uuid:attempt>", hooks.message_status),
    path("hooks/v1/twilio/inbound-voice", hooks.inbound_voice),
    path("hooks/v1/twilio/inbound-sms", hooks.inbound_sms),
]
