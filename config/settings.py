"""Settings: everything that differs between installations comes from the environment."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config import keys, postgres
from config.watching import watched

BASE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE / "var")).absolute()
KEYS = keys.load(DATA_DIR)
TESTING = "YIWANG_TEST" in os.environ or "PYTEST_VERSION" in os.environ

SECRET_KEY = KEYS["secret"]
DEBUG = os.environ.get("YIWANG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TRUSTED_ORIGINS", "").split(",") if o]

# The city this installation serves: its division key names the schema and the roots of scopes.
CITY = int(os.environ.get("CITY", "320600")) * 1_000_000
SITE_NAME = os.environ.get("SITE_NAME", "")

APPS = [
    "core",
    "divisions",
    "accounts",
    "residents",
    "linkage",
    "tags",
    "notifications",
    "assessments",
    "collection",
    "needs",
    "statistics",
    "personal",
    "queues",
    "organizations",
    "matters",
    "supervision",
    "quality",
    "performance",
    "orders",
    "liaison",
    "dictionary",
    "sharing",
    "portal",
    "console",
]
INSTALLED_APPS = [
    # First, so that our templates of signing in come before the library's.
    *(f"yiwang.{app}" for app in APPS),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "yiwang.core.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yiwang.accounts.middleware.ActorMiddleware",
    "yiwang.core.middleware.CircumstancesMiddleware",
    "yiwang.core.middleware.SearchWordsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "yiwang.core.context.display",
                "yiwang.console.context.shell",
            ],
        },
    }
]

DATABASES = postgres.databases(DATA_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The restricted role may not touch the journal's past; migrations run as the owner.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# What apps above accounts load when an empty installation is opened for the first time.
FIRST_START = (
    (
        "services",
        _("办事目录"),
        "yiwang.matters.sheets.catalogue_is_loaded",
        "yiwang.matters.sheets.load_catalogue",
    ),
)
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:home"
LOGOUT_REDIRECT_URL = "portal:home"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = os.environ.get("SECURE_COOKIES") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_COOKIES else None
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "yiwang.core.views.csrf_failure"

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE / "config" / "locale"]
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# What looks for viruses in uploads: none, clamav, or a class of one's own (yiwang.core.scanner).
FILE_SCANNER = os.environ.get("FILE_SCANNER", "none")
CLAMD_ADDRESS = os.environ.get("CLAMD_ADDRESS", "unix:/run/clamav/clamd.ctl")

# Where `--engine spark` computes, and how much memory its driver may take.
SPARK_MASTER = os.environ.get("SPARK_MASTER", "local[*]")
SPARK_MEMORY = os.environ.get("SPARK_MEMORY", "4g")

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_TLS") == "1"
# E-mail is a way of telling residents once there is an address it comes from.
EMAIL_FROM = os.environ.get("EMAIL_FROM", "")
# The provider of text messages: address, shared key, and the name in front of every text.
SMS_URL = os.environ.get("SMS_URL", "")
SMS_KEY = os.environ.get("SMS_KEY", "")
SMS_SIGNATURE = os.environ.get("SMS_SIGNATURE", "")
# The address of the site as residents read it in what they are sent.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

# django-allauth: signing in by user name only; posts are given by administrators, so no sign-up.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "yiwang.accounts.adapter.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # failures are counted in the database, see accounts.adapter
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6}
ACCOUNT_FORMS = {
    "login": "yiwang.accounts.forms.signing.LoginForm",
    "change_password": "yiwang.accounts.forms.signing.ChangePasswordForm",
    "reauthenticate": "yiwang.accounts.forms.signing.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": "yiwang.accounts.forms.signing.AuthenticateForm",
    "reauthenticate": "yiwang.accounts.forms.signing.CodeAgainForm",
    "activate_totp": "yiwang.accounts.forms.signing.ActivateTOTPForm",
    "add_webauthn": "yiwang.accounts.forms.signing.AddKeyForm",
    "edit_webauthn": "yiwang.accounts.forms.signing.EditKeyForm",
}
MFA_TOTP_TOLERANCE = 1  # one code before and after: clocks of telephones differ
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_COOKIES
MFA_TOTP_ISSUER = "Yiwang"
USERSESSIONS_TRACK_ACTIVITY = False  # accounts.middleware keeps it, once a minute

# Every job is written down, beginning and end.
PROCRASTINATE_WORKER_DEFAULTS = {"task_middleware": [watched]}
# What the clock starts; every other job is deferred by the act that needs it.
PROCRASTINATE_IMPORT_PATHS = [
    "config.schedule",
    "yiwang.residents.jobs",
    "yiwang.collection.jobs",
    "yiwang.linkage.jobs",
]
