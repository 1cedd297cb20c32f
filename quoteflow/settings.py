"""All configuration comes from the environment; see .env.example for every name.

Without DATABASE_URL this is a development installation: PostgreSQL and Valkey run embedded under the
directory DATA (default `.data/` in the checkout). With DATABASE_URL it is a production
installation unless ENVIRONMENT says otherwise, and then nothing secret has a default.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from quoteflow.embedded import Servers

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

DATABASE_URL = env.str("DATABASE_URL", default="")
ENVIRONMENT = env.str("ENVIRONMENT", default="production" if DATABASE_URL else "development")
PRODUCTION = ENVIRONMENT == "production"
DATA_DIR = Path(env.str("DATA", default="") or BASE_DIR / ".data").resolve()
EMBEDDED = Servers(DATA_DIR)

# --- secrets and hosts ---------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY and PRODUCTION:
    raise ImproperlyConfigured("Set SECRET_KEY: without it nobody's sign-in can be trusted.")
SECRET_KEY = SECRET_KEY or EMBEDDED.secret_key()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS") if PRODUCTION else ["*"]
SITE_URL = (
    env.str("SITE_URL") if PRODUCTION else env.str("SITE_URL", default="http://localhost:8000")
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # hops that append to X-Forwarded-For

# --- the product ---------------------------------------------------------------------------------
BASE_CURRENCY = env.str("BASE_CURRENCY", default="INR")
RFQ_NUMBER_SCOPE = env.str("RFQ_NUMBER_SCOPE", default="site")  # site | global
DUAL_OPENING_ABOVE = env.str("DUAL_OPENING_ABOVE", default="1000000.00")
PRICE_FAR_PERCENT = env.int("PRICE_FAR_PERCENT", default=30)  # off the 12-month median of an item
REAUTHENTICATE_ABOVE = env.str("REAUTHENTICATE_ABOVE", default="1000000.00")
REAUTHENTICATE_SECONDS = env.int("REAUTHENTICATE_SECONDS", default=600)
APPROVAL_HOURS = env.int("APPROVAL_HOURS", default=18)  # working hours; two days of nine
APPROVAL_HOURS_URGENT = env.int("APPROVAL_HOURS_URGENT", default=4)
ONE_STEP_UP_TO = env.str("ONE_STEP_UP_TO", default="200000.00")
REMIND_HOURS_BEFORE = env.int("REMIND_HOURS_BEFORE", default=24)
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_BYTES", default=25 * 1024 * 1024)
DEMO_SIGN_INS = env.bool("DEMO_SIGN_INS", default=False)
HEALTH_TOKEN = env.str("HEALTH_TOKEN", default="")

# --- applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "suppliers",
    "rfqs",
    "quoteflow.notifications",
    "quoteflow.audit",
    "quoteflow.lib",
    "quoteflow.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "quoteflow.middleware.request_facts",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "quoteflow.middleware.content_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.PersonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quoteflow.middleware.onward_answers",
    "quoteflow.middleware.sign_in_answers",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "quoteflow.middleware.readers_zone",
    "quoteflow.middleware.fair_use",
    "quoteflow.middleware.personal_pages",
    "quoteflow.middleware.refusals",
]

ROOT_URLCONF = "quoteflow.urls"
WSGI_APPLICATION = "quoteflow.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "quoteflow.lib.pages.Pages",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "quoteflow.lib.templatetags.qf",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

# --- database and cache --------------------------------------------------------------------------
DB_POOL_SIZE = env.int("DB_POOL_SIZE", default=0)  # only server processes pool their connections
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url_config(
        DATABASE_URL or EMBEDDED.database_url, engine="django.db.backends.postgresql"
    )
}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket's directory
DATABASES["default"].setdefault("OPTIONS", {})
if env.bool(
    "DB_PREPARE", default=True
):  # plans are kept; a pooler between transactions may lose them
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 3}
if DB_POOL_SIZE:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # the pool checks at checkout
    DATABASES["default"]["OPTIONS"] |= {
        "pool": {"min_size": 1, "max_size": DB_POOL_SIZE, "timeout": 5},
        "options": "-c lock_timeout=3000 -c statement_timeout=15000"
        " -c idle_in_transaction_session_timeout=30000",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

REDIS_URL = env.str("REDIS_URL", default="") or EMBEDDED.redis_url
_CACHE = {
    "BACKEND": "django_redis.cache.RedisCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": {
        "SOCKET_CONNECT_TIMEOUT": 0.25,
        "SOCKET_TIMEOUT": 0.25,
        "IGNORE_EXCEPTIONS": True,
    },
}
CACHES = {
    "default": _CACHE | {"KEY_PREFIX": "qf"},
    "limits": _CACHE | {"KEY_PREFIX": "qf-limits"},
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
RATELIMIT_USE_CACHE = "limits"
RATELIMIT_FAIL_OPEN = True
RATES = {"changes": env.str("CHANGES_RATE", default="1000/h")}  # per person
# Guessing, limited where no cache can forget it: (uses, seconds) per window, see quoteflow.lib.buckets.
BUCKETS = {
    "wrong_link": ((5, 60), (20, 3600)),  # per address
    "confirm_password": ((5, 300), (20, 3600)),  # per person who is signed in
    "sign_in_account": ((5, 300),),
    "sign_in_address": ((20, 60),),
    "reset_account": ((5, 3600),),
    "reset_address": ((20, 3600),),
    "reset_link": ((20, 60),),  # per address
}
# W001 asks for a cache django-ratelimit has tested itself; django-redis counts atomically.
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.W001"]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.FourKindsOfCharacters"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = False  # counts in the cache; accounts.limits counts in the database
ACCOUNT_SESSION_REMEMBER = None

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# --- browser security ----------------------------------------------------------------------------
HTTPS = env.bool("HTTPS", default=PRODUCTION)
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en-in"
LANGUAGES = [("en-in", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["quoteflow.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Kolkata")
USE_THOUSAND_SEPARATOR = False  # money is printed by one filter; ids never get separators

# --- files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "uploads")))  # never served by URL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["quoteflow.lib.uploads.TemporaryUpload"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000  # 500 lines of 30 fields, typed or pasted

# --- e-mail and jobs -----------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="QuoteFlow <quoteflow@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR}/mail"))
if "EMAIL_FILE_PATH" in vars() and not env.str("EMAIL_URL", default=""):
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")  # development: one readable file per message
EMAIL_TIMEOUT = 20
OUTBOX_COMPLEMENTS = {  # what is put into a letter as it leaves, and who makes it
    "request": "rfqs.complements.request",
    "request_copy": "rfqs.complements.request_copy",
    "receipt": "rfqs.complements.receipt",
    "award_letter": "rfqs.complements.award_letter",
    "regret_letter": "rfqs.complements.regret_letter",
    "order": "rfqs.complements.order",
}
# Of what approvals were asked for: which ids wait no more; `quoteflow.notifications` lies below approvals.
NOTICES_SETTLED = "rfqs.notices.settled"
# Who says whether a policy wants an approval before a supplier becomes active; `suppliers` lies below policies.
SUPPLIER_ACTIVATION_ASKED = "rfqs.routing.activation_is_asked"
# Prefix of the identifiers in OCDS releases; the Open Contracting Partnership registers one for a publisher.
OCDS_PREFIX = env.str("OCDS_PREFIX", default="ocds-000000")
PROCRASTINATE_IMPORT_PATHS = ["quoteflow.notifications.tasks", "rfqs.tasks"]
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 10, "stalled_worker_timeout": 60}

# --- logs ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "quoteflow.lib.jsonlog.JsonFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        }
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "django_redis": {"level": "ERROR"},
    },
}
