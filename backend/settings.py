"""Django's settings, all from backend.env; no branch on an environment's name."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from backend import env
from backend.accounts.profiles import PROFILES
from backend.web.assets import static_dirs

django_stubs_ext.monkeypatch()

ENV = env.read()
BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(ENV.yian_state)
AUDIT_CHECKPOINTS = Path(ENV.audit_checkpoints or STATE_DIR / "audit")

SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = ENV.allowed_hosts.split(",")
CSRF_TRUSTED_ORIGINS = [ENV.public_url]
ROOT_URLCONF = "backend.urls"
ASGI_APPLICATION = "backend.asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "backend.core",
    "backend.audit",
    "backend.places",
    "backend.people",
    "backend.accounts",
    "backend.web",
    "backend.runtime",
    "backend.webhooks",
    "notifications",
    "services.alerts",
    "services.trust",
    "services.emergencies",
    "services.visits",
    "services.wellbeing",
    "services.assistance",
    "services.community",
    "services.rights",
    "devices",
    "devices.enrolment",
    "devices.routine",
]

MIDDLEWARE = [
    "backend.web.csp.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "backend.web.statics.CompressedStatics",
    "backend.accounts.middleware.CarriedSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "backend.web.error_pages.SpokenRefusals",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backend.accounts.middleware.SessionUseMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backend.accounts.middleware.DenyByDefaultMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backend.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "backend.web.forms.PlainFormRenderer"
CSRF_FAILURE_VIEW = "backend.web.error_pages.csrf_failure"


def _database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **parts},
        "TEST": {"NAME": None},
    }


DATABASES = {"default": _database(ENV.database_url)}
OWNER_DATABASE = _database(ENV.migrate_database_url or ENV.database_url)
"""The same database, as who may change its tables (`backend.core.owner`)."""
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}
SESSION_ENGINE = "backend.accounts.session_store"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS_ONLY = ENV.public_url.startswith("https://")
HOST_ONLY = "__Host-" if HTTPS_ONLY else ""
"""Browsers take a cookie of such a name from this very host by https only, so that no neighbour
below the same domain gives somebody a session. Source: RFC 6265bis, 4.1.3.2."""
SESSION_COOKIE_NAME = f"{HOST_ONLY}sessionid"
CSRF_COOKIE_NAME = f"{HOST_ONLY}csrftoken"
"""Read by scripts: pages that a telephone kept carry no token of their own."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
"""More than any door takes: nothing that was sent to us ever lies in a temporary folder."""
UPLOAD_DOORS = {
    "/complaints/new/": 9 * 1024 * 1024,
    "/desk/complaints/new/": 9 * 1024 * 1024,
    "/desk/enrol/import/": 6 * 1024 * 1024,
}
"""Doors that take more than 1 MB, and how much: a photo or a table with what stands around it."""

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = static_dirs()
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
SECURITY_PROFILE = PROFILES[ENV.security_profile]
AUTH_PASSWORD_VALIDATORS = SECURITY_PROFILE.password_validators
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
MFA_ADAPTER = "backend.accounts.mfa.SealedSecrets"
CODE_SENDER = "notifications.codes.send"
"""A function of (phone, code, language, now) that owes the text with a sign-in code."""
NOTICE_SENDER = "notifications.codes.tell"
"""A function of (phone, notice, language, now) that owes somebody the news of their account."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.accounts.authentication.BearerAuthentication",
        "backend.accounts.authentication.SignedInAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["backend.core.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["backend.accounts.bodies.DeclaredFieldsRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.accounts.bodies.DeclaredFieldsParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backend.core.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yian 颐安",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PUBLIC": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "backend.web.api.schema.add_extra_paths",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ConsentWay": "backend.people.models.Consent.Way",
        "OpeningKind": "services.trust.models.RecordOpening.Kind",
        "OpeningVerdict": "services.trust.models.RecordOpening.Verdict",
        "AlertKind": "services.alerts.models.Alert.Kind",
        "AlertState": "services.alerts.models.Alert.State",
        "CallKind": "services.emergencies.models.EmergencyCall.Kind",
        "CallState": "services.emergencies.models.EmergencyCall.State",
        "CaregiverKind": "backend.people.models.Caregiver.Kind",
        "ComplaintCategory": "services.community.models.Complaint.Category",
        "ComplaintOutcome": "services.community.models.Complaint.Outcome",
        "ComplaintSource": "services.community.models.Complaint.Source",
        "ComplaintState": "services.community.models.Complaint.State",
        "DeviceKind": "devices.models.Device.Kind",
        "NoticeState": "backend.webhooks.models.Notice.State",
        "OrderCancelReason": "services.community.models.Order.CancelReason",
        "OrderChannel": "services.community.models.orders.Channel",
        "OrderState": "services.community.models.Order.State",
        "ServiceCategory": "services.community.models.Service.Category",
        "ServiceFulfilment": "services.community.models.Service.Fulfilment",
        "LifeState": "backend.people.models.Resident.LifeState",
        "AbsenceReason": "services.visits.models.Absence.Reason",
        "CheckReason": "services.visits.models.CheckEvent.Reason",
        "TaskReason": "services.visits.models.VisitTask.Reason",
        "CaseChannel": "services.assistance.models.cases.AssistanceCase.Channel",
        "CaseState": "services.assistance.models.cases.State",
        "HomeVisitWay": "services.assistance.models.cases.HomeVisit.Way",
        "EntitlementEnd": "services.assistance.models.offers.Entitlement.End",
        "OpinionKind": "services.assistance.models.cases.Opinion.Kind",
        "PaperKind": "services.assistance.cases.procedures.PAPER_CHOICES",
        "VisitCancelReason": "services.visits.models.Visit.CancelReason",
        "VisitPriority": "services.visits.models.Priority",
        "VisitService": "services.visits.models.Service",
        "VisitState": "services.visits.models.Visit.State",
        "AreaEventKind": "services.wellbeing.models.AreaEvent.Kind",
        "AskedStage": "services.wellbeing.models.Stage",
        "AnswerWay": "services.wellbeing.models.Way",
        "OccurrenceAnswer": "services.wellbeing.serializers.ANSWERS",
        "OccurrenceState": "services.wellbeing.models.Occurrence.State",
        "OkDayState": "services.wellbeing.models.OkDay.State",
        "ReminderKind": "services.wellbeing.models.Reminder.Kind",
        "WatchedHeard": "services.wellbeing.models.Watched.Heard",
        "WelfareKind": "services.wellbeing.models.WelfareContact.Kind",
        "RightsState": "services.rights.models.RightsRequest.State",
        "RightsKind": "services.rights.models.RightsRequest.Kind",
        "RightsChannel": "services.rights.models.RightsRequest.Channel",
        "WelfareOutcome": "services.wellbeing.models.WelfareContact.Outcome",
    },
}

CELERY_BROKER_URL = ENV.redis_url
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": every_s}
    for name, every_s in {
        "backend.core.tasks.forget_old_messages": 3_600.0,
        "backend.accounts.tasks.forget_old_tries": 3_600.0,
        "backend.webhooks.tasks.forget_old_notices": 3_600.0,
        "notifications.tasks.forget_old_deliveries": 3_600.0,
        "notifications.tasks.forget_old_call_ins": 86_400.0,
        "notifications.tasks.reconcile_texts": 300.0,
        "services.visits.tasks.make_visits": 300.0,
        "services.wellbeing.tasks.ask_reminders": 30.0,
        "services.wellbeing.tasks.keep_days": 300.0,
        "services.community.tasks.make_orders": 300.0,
        "services.assistance.tasks.screen_residents": 300.0,
        "services.assistance.tasks.ask_about_offers": 60.0,
        "services.visits.tasks.text_shifts": 60.0,
        "services.rights.tasks.keep_clocks": 60.0,
        "services.rights.tasks.prepare_copies": 30.0,
        "services.rights.tasks.forget_old": 3_600.0,
        "services.wellbeing.tasks.forget_old": 3_600.0,
        "devices.tasks.keep_readings": 3_600.0,
        "devices.tasks.find_silent_devices": 60.0,
        "devices.enrolment.tasks.forget_old_tables": 3_600.0,
    }.items()
}
"""Tasks that Celery's beat starts, and every how many seconds."""

GOVERNMENT_HOTLINE = "services.community.hotline.csv12345.Csv12345"
"""The class that reads and writes the tables of the government's hotline
(`services.community.hotline.port.GovernmentHotline`)."""

VISIT_PLANNER = "services.visits.planning.pyvrp_planner.PyvrpPlanner"
"""The class that plans a day of visits (`services.visits.planning.port.Planner`)."""
VISIT_TRAVEL = "services.visits.planning.travel.FormulaTravel"
"""The class that reckons ways (`services.visits.planning.port.Travel`)."""

DEMO_SEEDERS = [
    "backend.runtime.demo.people.seed",
    "backend.runtime.demo.accounts.seed",
    "services.emergencies.demo.seed",
    "services.visits.demo.seed",
    "services.assistance.demo.seed",
    "services.community.demo.seed",
    "devices.demo.seed",
    "devices.enrolment.demo.seed",
    "services.wellbeing.demo.seed",
]
"""What `manage.py seed_demo` runs, in this order (backend.runtime.demo)."""

TICK_LOOPS = [
    "backend.core.sequencer.run",
    "backend.core.readers.run",
    "backend.audit.sealing.run",
    "services.emergencies.loops.climb",
    "services.emergencies.loops.climb",
    "services.emergencies.loops.ring_duty",
    "services.emergencies.loops.watch",
    "services.alerts.climbing.run",
    "services.trust.loops.keep_time",
    "services.trust.loops.end_papers",
    "backend.runtime.clocks.watch",
    "services.visits.loops.watch",
    "services.wellbeing.loops.ask",
    "services.wellbeing.loops.follow_up",
    "services.wellbeing.loops.keep_days",
    "services.assistance.cases.loops.keep_time",
    "services.community.loops.watch",
    "devices.routine.loops.watch",
    "notifications.engine.run",
    "backend.webhooks.loops.run",
]
"""What `manage.py tick` runs; each in a thread. A name twice is two threads."""

DUE_QUEUES = [
    "services.emergencies.queries.oldest_due_at",
    "services.alerts.queries.oldest_due_at",
    "services.trust.queries.oldest_due_at",
    "services.visits.queries.oldest_due_at",
    "services.wellbeing.queries.oldest_due_at",
    "services.assistance.cases.queries.oldest_due_at",
    "services.community.queries.oldest_due_at",
    "services.rights.queries.oldest_due_at",
    "devices.routine.queries.oldest_due_at",
    "notifications.queries.oldest_due_at",
    "backend.webhooks.queries.oldest_due_at",
]
"""Functions of `now` that say when the most overdue row of a queue was due; for /readyz."""

WEB_DOORS = [
    "backend.web.live.hub_open",
    "devices.ingest.lifespan.doors_open",
]
"""Async context managers that the web process holds open while it lives."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    # A refusal is an answer; as a line it would only hide what is broken, and anybody could fill
    # the disk with such lines.
    "loggers": {
        "fido2": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
