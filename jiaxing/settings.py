"""Django's settings, each from the environment with a default that works on one machine.

``jiaxing/env.py`` reads and checks the variables; what has no variable here is a decision of the house.
"""

from datetime import time, timedelta
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from jiaxing.env import Environment
from jiaxing.rhythm import schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# What the running site writes: database, broker, mail, uploads, secret key.
VAR_DIR = env.folder("VAR_DIR", default=BASE_DIR / "var")

DEBUG = env.flag("DEBUG", default=True)
SECRET_KEY = env.secret_key("SECRET_KEY", kept_in=VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "jiaxing",
    "units",
    "campaigns",
    "awards",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "campaigns.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Ahead of all that may answer by itself, so that refusals carry the header too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "units.middleware.PersonLanguageMiddleware",
    # Every page asks for a sign-in unless its view says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "campaigns.middleware.BusinessClockMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jiaxing.urls"
WSGI_APPLICATION = "jiaxing.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campaigns.views.shell.shell",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'jiaxing.sqlite3'}")}
if DATABASES["default"].get("ENGINE") == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        # A write takes its lock when the transaction begins, so that two writers queue instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# --- people and sign-in ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "units.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "units.backends.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "my_work"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = int(timedelta(days=3).total_seconds())

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "units.views.accounts.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- cookies, transport, content policy -----------------------------------------------------------------------------

# HTTPS=false serves plain http with DEBUG off: a trial on one machine, never a site that people reach over a network.
HTTPS = env.flag("HTTPS", default=not DEBUG)
if env.flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else all would count as one, and anybody could lock everybody's name.
    AXES_CLIENT_IP_CALLABLE = "units.views.accounts.address_before_proxy"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- words and time -------------------------------------------------------------------------------------------------

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", default="en", among=[code for code, _name in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", default="Asia/Shanghai")
# Unset: the clock that an administrator keeps in the database, and without one the real time.
BUSINESS_CLOCK = env.instant("BUSINESS_CLOCK", zone=TIME_ZONE)

# --- files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What of the npm packages is served: the prefix of its address, the folder in NODE_MODULES, the files.
PACKAGE_FILES = {
    "bootstrap": ("bootstrap/dist", ["css/bootstrap.min.css", "css/bootstrap.min.css.map"]),
    # Lines, bars and scatters, both renderers; the whole build has half as much again.
    "echarts": ("echarts/dist", ["echarts.common.min.js"]),
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jiaxing.package_files.PackageFiles",
]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = env.folder("MEDIA_ROOT", default=VAR_DIR / "media")
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
MEGABYTE = 1024 * 1024
UPLOAD_MAX_BYTES = 20 * MEGABYTE
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * MEGABYTE
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * MEGABYTE
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- REST API -------------------------------------------------------------------------------------------------------

API_CLOCK = "campaigns.queries.clock.business_now"
API_MAX_BODY = 10 * MEGABYTE
# Ten thousand figures, each with the longest note.
API_MAX_BULK_BODY = 32 * MEGABYTE
# Requests of one token or person, counted in the cache.
API_THROTTLE = env.rate("API_THROTTLE", default="600/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "units.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["units.api.scopes.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["units.api.throttling.CallerThrottle"],
    "DEFAULT_PARSER_CLASSES": ["units.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "units.api.negotiation.AlwaysJSON",
    "DEFAULT_PAGINATION_CLASS": "units.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["units.api.filters.StrictFilters", "units.api.filters.ListParameters"],
    "EXCEPTION_HANDLER": "units.api.errors.answer_problem",
    "DEFAULT_SCHEMA_CLASS": "units.api.schema.ApiSchema",
    "DATETIME_FORMAT": "iso-8601",
    "UNAUTHENTICATED_TOKEN": None,
    # Behind a proxy the address is the client's own word; nothing is counted by it.
    "NUM_PROXIES": None,
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Tough Action Tracker",
    "VERSION": "1",
    "DESCRIPTION": _(
        "Monthly reports, standings, meetings and red flags of a city's hundred-day tough actions, for other systems."
    ),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "GENERIC_ADDITIONAL_PROPERTIES": None,
    "PREPROCESSING_HOOKS": [],
    "POSTPROCESSING_HOOKS": ["units.api.schema.add_problems"],
}

# --- mail -----------------------------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'mail'}"))
if globals().get("EMAIL_BACKEND") == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "jiaxing.mail.PunctualBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.address("DEFAULT_FROM_EMAIL", default="Campaign Office <office@localhost.localdomain>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where links in mail lead; without it to this machine, on the port that run.py was given.
SITE_URL = env.web_address("SITE_URL") or f"http://127.0.0.1:{env.read('PORT', '8000', str, '8001')}"

# --- robots of group rooms --------------------------------------------------------------------------------------------

# Their addresses hold their secrets: never shown, never logged. A robot takes 20 messages a minute.
DINGTALK_ROBOT_URL = env.robot("DINGTALK_ROBOT_URL", "https://oapi.dingtalk.com/robot/send?access_token=…")
DINGTALK_ROBOT_SECRET = env.robot_secret("DINGTALK_ROBOT_SECRET")
WECOM_ROBOT_URL = env.robot("WECOM_ROBOT_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…")
ROBOT_MESSAGES_A_MINUTE = 20
# What knows the working days, on which messages go out: `units` may not know of `campaigns`.
WORKING_CALENDAR = "campaigns.queries.calendars.working_calendar"
# From when until when, where the office has said nothing; None: day and night.
SENDING_HOURS: tuple[time, time] | None = (time(8), time(20))
if DINGTALK_ROBOT_SECRET and not DINGTALK_ROBOT_URL:
    env.mistakes.append("DINGTALK_ROBOT_SECRET: is of no use without DINGTALK_ROBOT_URL; set both, or neither")

# --- webhooks -------------------------------------------------------------------------------------------------------

# Addresses that client systems name may not lead inside the network, unless this says so; see docs/webhooks.md.
WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE", default=False)
WEBHOOK_PORTS = env.ports("WEBHOOK_PORTS", default=frozenset({80, 443}))

# --- Celery ---------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# It keeps nothing: after a restart every job is asked for at once, and finds in the database whether there is work.
CELERY_BEAT_SCHEDULER = "jiaxing.beat:SeenScheduler"
# Touched by the beat for health checks that look at files.
BEAT_SEEN_FILE = VAR_DIR / "beat-seen"
BEAT_SECONDS = 60.0
CELERY_BEAT_SCHEDULE = schedule(BEAT_SECONDS)
# Longer than anything takes to be sent; what a worker held that died is taken up again after it.
OUTBOX_LEASE_SECONDS = 300
# With it `/metrics` answers from anywhere; without it only on this machine.
METRICS_TOKEN = env.metrics_token("METRICS_TOKEN")
if CELERY_BROKER_URL.startswith("filesystem:"):
    _broker = VAR_DIR / "broker"
    _queue, _control = _broker / "queue", _broker / "control"
    _queue.mkdir(parents=True, exist_ok=True)
    _control.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_control),
    }

# --- logging and error reports --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "jiaxing.redaction.RedactSecrets"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "axes": {"level": "WARNING"},
    },
}

DEFAULT_EXCEPTION_REPORTER_FILTER = "jiaxing.redaction.HideSecrets"

SENTRY_DSN = env.web_address("SENTRY_DSN")
if SENTRY_DSN and find_spec("sentry_sdk") is None:
    env.mistakes.append("SENTRY_DSN: error reports need the package sentry-sdk, which is not installed; leave it unset")

env.stop_on_mistakes()

if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False)
