"""Every setting of the project, read from the environment (see .env.example).

A setting that is missing or malformed stops the start with one sentence that names it and says what to do.
"""

import logging
import shlex
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, EnvValidationError

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"))


def required(name: str, mend: str) -> str:
    """Return the text of a setting that has no default.

    Raises ImproperlyConfigured, with `mend` as what to do, when it is missing or empty.
    """
    value: str = env.str(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"The setting {name} is missing. {mend}")
    return value


try:
    DEBUG = env.bool("DEBUG", False)
    DEMO = env.bool("DEMO", False)
    HTTPS = env.bool("HTTPS", True)
    BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
    CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
    SESSION_HOURS = env.int("SESSION_HOURS", 10)
    HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000)
    DATABASE_CONNECTION_SECONDS = env.int("DATABASE_CONNECTION_SECONDS", 60)
    LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
    EMAIL = env.dj_email_url("EMAIL_URL", "console:")
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ICS data maturity survey <survey@localhost>")
    NATIONAL_BODY = env.str("NATIONAL_BODY", "NHS England")
    SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "")
    EVIDENCE_DIR = BASE_DIR / env.str("EVIDENCE_DIR", ".data/evidence")
    EVIDENCE_SCAN_COMMAND = shlex.split(env.str("EVIDENCE_SCAN_COMMAND", ""))
    DATABASE = env.dj_db_url(
        "DATABASE_URL",
        required(
            "DATABASE_URL",
            "Give the PostgreSQL database as postgresql://USER:PASSWORD@HOST:PORT/NAME.",
        ),
        conn_max_age=DATABASE_CONNECTION_SECONDS,
        conn_health_checks=True,
    )
except (EnvError, EnvValidationError, ValueError) as error:
    raise ImproperlyConfigured(
        f"A setting cannot be read: {str(error).rstrip('.')}. See .env.example."
    ) from error

if DATABASE.get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "The setting DATABASE_URL must name a PostgreSQL database (postgresql://...): "
        "the product keeps its rules in PostgreSQL constraints and triggers."
    )

SECRET_KEY = required(
    "SECRET_KEY",
    'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))" '
    "and keep it out of version control.",
)

SERVICE_NAME = "ICS data maturity survey"

INSTALLED_APPS = [
    "surveys",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "csp",
    "axes",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "surveys.views.private_pages.PrivatePages",
    "surveys.views.readable_cookies.ReadableCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "surveys.views.sign_in.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "maturity.urls"
WSGI_APPLICATION = "maturity.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "surveys.views.navigation.page_frame",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["nhsuk"]
CRISPY_TEMPLATE_PACK = "nhsuk"

DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "surveys.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

# The name of the field on our sign-in page; by default django-axes looks for one named after Person.email.
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_CLIENT_IP_CALLABLE = "surveys.views.sign_in.client_address"
SILENCED_SYSTEM_CHECKS = [
    # Without its middleware a paused address gets the page of a wrong password: an attacker learns nothing.
    "axes.W002",
    # A unique index on lower(email) holds more than a unique field would.
    "auth.W004",
]

SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "surveys.views.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = HSTS_SECONDS if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

PGHISTORY_APPEND_ONLY = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / ".build" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

if "EMAIL_BACKEND" not in EMAIL:
    raise ImproperlyConfigured(
        "The setting EMAIL_URL must start with smtp:, smtp+tls:, smtp+ssl:, console: or file:. "
        "See .env.example."
    )
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"] or ""
EMAIL_PORT = EMAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 10
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if DEMO and EMAIL_HOST:
    raise ImproperlyConfigured(
        "The settings DEMO and EMAIL_URL contradict each other: a demo shows its mail on a page and sends "
        "none. Remove EMAIL_URL, or DEMO=true where real people use the site."
    )

PROCRASTINATE_WORKER_DEFAULTS = {
    # Threads, so that a mail server that keeps one message waiting does not keep the others waiting too.
    "concurrency": 4,
    # What became of a message is in its own row; a job that failed in a way nobody foresaw stays to be seen.
    "delete_jobs": "successful",
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# The limit above does not count files. Of each, UpToTheLimit lets no more through than we would take.
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_HANDLERS = [
    "surveys.forms.uploads.UpToTheLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # It writes a few lines for every job, which are worth reading only when looking for a fault.
    "loggers": {
        "procrastinate": {
            "level": LOG_LEVEL if LOG_LEVEL <= logging.DEBUG else max(LOG_LEVEL, logging.WARNING)
        }
    },
}
