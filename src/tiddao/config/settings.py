"""Django settings. What differs between installations comes from the environment; see README."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tiddao.config.home import home, secret_key

BASE = Path(__file__).resolve().parent.parent  # src/tiddao
HOME = home()

DEBUG = False
SECRET_KEY = secret_key()
# Behind a proxy the office names its own host; alone, the server answers to whatever reached it.
ALLOWED_HOSTS = os.environ.get("TIDDAO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TIDDAO_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("TIDDAO_HTTPS") == "1"

INSTALLED_APPS = [
    "tiddao.config",
    "tiddao.budget",
    "tiddao.indicators",
    "tiddao.policy",
    "tiddao.evidence",
    "tiddao.people",
    "tiddao.places",
    "tiddao.ledger",
    "tiddao.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tiddao.ui.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tiddao.people.middleware.SignInMiddleware",
    "tiddao.people.middleware.StandingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tiddao.ui.refusals.OpenedByHandMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "tiddao.config.urls"
WSGI_APPLICATION = "tiddao.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tiddao.ui.context.frame",
            ],
            "builtins": ["tiddao.ui.templatetags.ui", "template_partials.templatetags.partials"],
        },
    },
]


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL")
    common: dict[str, object] = {
        "ENGINE": "tiddao.config.postgres",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "tiddao"},
    }
    if not url:
        return common | {"NAME": "tiddao", "HOST": "", "USER": "", "PASSWORD": "", "PORT": ""}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit(f"DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return common | {
        "NAME": unquote(parts.path.lstrip("/")) or "tiddao",
        "HOST": query.pop("host", None) or parts.hostname or "localhost",
        "PORT": str(parts.port or ""),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": {"application_name": "tiddao"} | query,
    }


DATABASES = {"default": _database()}
DATABASES["default"]["CONN_MAX_AGE"] = 600  # one connection per serving thread, kept
DURABLE_DATABASE = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Rate limits must hold across the server's processes.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    },
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "tiddao.people.accounts.ClosedAccountAdapter"  # accounts are given, not taken
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TIDDAO_PROXIES", "0"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tiddao"

CSRF_FAILURE_VIEW = "tiddao.ui.refusals.stale_page"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}

LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("Thai")), ("en", _("English"))]
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# How issued reports are numbered: {office}, {running}, {year} (Buddhist). The form is proposed.
REPORT_NUMBER = os.environ.get("TIDDAO_REPORT_NUMBER", "{office} {running}/{year}")
MEETING_CODE_SECONDS = int(os.environ.get("TIDDAO_MEETING_CODE_SECONDS", "180"))
# How long a code on the projector signs people in; it is renewed three times in that time.
MEETING_FORM_SECONDS = 900  # how long a guest who has scanned may write a name
# A whole hall comes through one address; a meeting takes no more guests a minute than walk in.
MEETING_GUEST_RATE = os.environ.get("TIDDAO_MEETING_GUEST_RATE", "120/m/ip,300/m/key")
EVIDENCE_MEGABYTES = int(os.environ.get("TIDDAO_EVIDENCE_MB", "20"))  # of one file
EVIDENCE_MEGAPIXELS = int(os.environ.get("TIDDAO_EVIDENCE_MEGAPIXELS", "50"))  # of one photo


def _evidence_storage() -> dict[str, object]:
    """Return a folder of this installation, or a bucket where TIDDAO_S3_BUCKET names one.

    Keys of the bucket come from where boto3 looks for them: AWS_ACCESS_KEY_ID and
    AWS_SECRET_ACCESS_KEY, a file of its own, or the machine's role.
    """
    bucket = os.environ.get("TIDDAO_S3_BUCKET")
    if not bucket:
        return {
            "BACKEND": "tiddao.evidence.storage.WholeFileStorage",
            "OPTIONS": {"location": HOME / "files", "base_url": None},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": os.environ.get("TIDDAO_S3_ENDPOINT") or None,
            "region_name": os.environ.get("TIDDAO_S3_REGION") or None,
            "location": os.environ.get("TIDDAO_S3_FOLDER", ""),
            "file_overwrite": True,  # a name says what the file holds
            "default_acl": "private",
        },
    }


STORAGES["evidence"] = _evidence_storage()
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576  # larger uploads go to disk, not to memory
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "tiddao": {"level": "INFO"},
    },
}

PGHISTORY_APPEND_ONLY = True  # even the history tables refuse UPDATE and DELETE
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # a proxy redirects to HTTPS where there is one
    "security.W004", "security.W012", "security.W016",  # on with TIDDAO_HTTPS=1
]  # fmt: skip
