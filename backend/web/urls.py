"""Addresses of backend.web."""

from django.urls import path

from backend.web import access_page, audit_pages, consents, pages

app_name = "web"
elder, care = {"audience": "elder"}, {"audience": "care"}

urlpatterns = [
    path("manifest.webmanifest", pages.manifest, elder, name="elder_manifest"),
    path("care/manifest.webmanifest", pages.manifest, care, name="care_manifest"),
    path("sw.js", pages.service_worker, elder, name="elder_worker"),
    path("care/sw.js", pages.service_worker, care, name="care_worker"),
    path("offline/<str:language>/", pages.offline, elder, name="elder_offline"),
    path("care/offline/<str:language>/", pages.offline, care, name="care_offline"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("access/", access_page.access_table, name="access_table"),
    path("consents/", consents.consents, name="consents"),
    path("consents/<uuid:resident_id>/give/", consents.give, name="consent_give"),
    path("consents/<uuid:resident_id>/withdraw/", consents.withdraw, name="consent_withdraw"),
    path("consents/<uuid:resident_id>/end-access/", consents.end_access, name="end_access"),
    path("audit/", audit_pages.audit, name="audit"),
    path("audit/export/", audit_pages.export, name="audit_export"),
    path("web/language", pages.switch_language, name="language"),
    path("web/text-size", pages.switch_text_size, name="text_size"),
    path("web/theme", pages.switch_theme, name="theme"),
    path("web/styles", pages.styles, name="styles"),
]
