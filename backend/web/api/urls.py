"""Addresses of the API that backend.web serves."""

from django.urls import URLPattern, URLResolver, include, path

from backend.web.api import schema
from backend.web.api.audit import AuditExportView, AuditView
from backend.web.api.journal import JournalView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("backend.web.api.people_urls")),
    path("journal/", JournalView.as_view(), name="journal"),
    path("audit/", AuditView.as_view(), name="audit"),
    path("audit/export/", AuditExportView.as_view(), name="audit-export"),
    path("schema/", schema.SchemaView.as_view(), name="schema"),
    path("docs/", schema.docs, name="api-docs"),
]
