"""Addresses of the hooks, and of the demo's telephones."""

from django.urls import URLPattern, URLResolver, include, path

from notifications import hooks, hooks_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("notifications.senders.demo_phone.urls")),
    path("hooks/v1/twilio/voice/<uuid:attempt>", hooks.voice),
    path("hooks/v1/twilio/gather/<uuid:attempt>", hooks.gather),
    path("hooks/v1/twilio/call-status/<uuid:attempt>", hooks.call_status),
    path("hooks/v1/twilio/message-status/<uuid:attempt>", hooks.message_status),
    path("hooks/v1/twilio/inbound-voice", hooks_in.inbound_voice),
    path("hooks/v1/twilio/inbound-status", hooks_in.inbound_status),
    path("hooks/v1/twilio/inbound-sms", hooks_in.inbound_sms),
    path("hooks/v1/twilio/bridge-line/<uuid:line>", hooks_in.bridge_line),
    path("hooks/v1/twilio/bridge-ended/<uuid:bridge>", hooks_in.bridge_ended),
]
