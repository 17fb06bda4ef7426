"""Every setting, and the only place that reads the environment.

A missing or malformed variable stops the process with one line that names it and shows an example; nothing falls back
silently. `make run` and `make test` export the addresses of their embedded services (see `teamreminders/embedded/`).
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from redis.backoff import NoBackoff
from redis.retry import Retry

from .environment import (
    env,
    is_host,
    is_mail_server,
    is_redis,
    is_sender,
    is_site,
    read,
    read_choice,
    read_database,
    read_flag,
    read_keywords,
    read_rate,
    stop,
)

BASE_DIR = Path(__file__).resolve().parent.parent

if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# --- What the operator sets -----------------------------------------------------------------------------------------

DEBUG = read_flag("DEBUG")
SECRET_KEY = read("SECRET_KEY", env.str, lambda key: len(key) >= 32 and " " not in key)
SITE_URL = read("SITE_URL", lambda name: env.str(name).rstrip("/"), is_site)
SITE = urlsplit(SITE_URL)
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", default=[])] or [SITE.hostname]
if not all(map(is_host, ALLOWED_HOSTS)):
    stop("ALLOWED_HOSTS", "must be names with commas between, without scheme and port")
DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL", env.str, is_sender)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DATABASE = read_database("DATABASE_URL")
REDIS_URL = read("REDIS_URL", env.str, is_redis)
# Only a mail server is one: the other backends that an address can name keep or drop mail that would count as sent.
EMAIL = read("EMAIL_URL", env.email_url, is_mail_server)
LOG_FORMAT = read_choice("LOG_FORMAT", ["json", "line"], default="line" if DEBUG else "json")
# Who asks for /metrics shows it; without one there is no such page but for operators.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN and (len(METRICS_TOKEN) < 20 or not METRICS_TOKEN.isascii() or " " in METRICS_TOKEN):
    stop("METRICS_TOKEN", "must be 20 characters or more, without spaces")
# Messages a second, of all workers together; None: as fast as they can.
EMAIL_RATE = read_rate("EMAIL_RATE")
# What the mail server offers and gets wrong; as Postfix' smtp_discard_ehlo_keywords.
EMAIL_DISCARD_EHLO = read_keywords("EMAIL_DISCARD_EHLO")
# Set by `make run` and `make test` only: the Maildir that /inbox/ shows to anybody who asks.
LOCAL_INBOX = env.str("LOCAL_INBOX", default="")
if LOCAL_INBOX and SITE.hostname not in {"localhost", "127.0.0.1", "::1"}:
    stop("LOCAL_INBOX", f"would show everybody's mail to visitors of {SITE.hostname}; leave it out")

# --- Django -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "teams",
    "reminders",
    "teamreminders",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "csp",
    "django_htmx",
    "django_rq",
    "ninja",  # for the files of the browsable documents
    "pgtrigger",
    "template_partials",
]

MIDDLEWARE = [
    "teamreminders.requests.NamedRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "teamreminders.problems.ApiAnswers",
    "teamreminders.http.LimitBody",
    "csp.middleware.CSPMiddleware",
    "teamreminders.http.RelaxPolicyOfAdminPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "teamreminders.http.HtmxAnswers",
    "teamreminders.http.GoneMeanwhile",
    "accounts.middleware.ReadersLanguage",
    "accounts.middleware.ReadersZone",
    "teamreminders.acting.Acting",
]

ROOT_URLCONF = "teamreminders.urls"
WSGI_APPLICATION = "teamreminders.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials", "teamreminders.templatetags.page"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "teamreminders.shell.around",
                "accounts.clocks.clocks",
                "reminders.context.sidebar",
                "teamreminders.vitals.alarms_for_operators",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# A request is one transaction, so a page either did all of it or nothing; what must follow waits for the commit.
DATABASE |= {"ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASE.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# A process that freezes inside a transaction loses its locks after a while, and nobody waits for a lock for ever.
if "options=" not in urlsplit(env.str("DATABASE_URL")).query:  # empty it says: none, as a pooler may want it
    DATABASE["OPTIONS"]["options"] = "-c idle_in_transaction_session_timeout=30s -c lock_timeout=10s"
DATABASES = {"default": DATABASE}

# In PostgreSQL, not in Redis: sign-in reads it (rate limits), and a Redis outage must not break a page.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # past it rows go that still limit somebody
    }
}

LANGUAGE_CODE = "en-gb"
# What people choose from; a choice of one is not shown.
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "teamreminders" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

# --- Accounts (django-allauth) ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.joining.NameAndZone"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_RATE_LIMITS = {"invite": "60/h/user"}  # beside allauth's own; "invite" is ours
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme

# --- Sign-in of programs (django-allauth headless); its operations are in accounts/signing.py ------------------------

HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "accounts.tokens.TokensOfSession"  # noqa: S105  (a class)
HEADLESS_JWT_ALGORITHM = "HS256"  # with SECRET_KEY: nobody but us reads them
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True  # so that signing out ends a token at once
HEADLESS_JWT_ROTATE_REFRESH_TOKEN = True
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = 10 * 60
HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN = 14 * 24 * 3600

# --- Queues -----------------------------------------------------------------------------------------------------------

# A job must end by itself well before rq stops it, and a claim (outbox.LEASE) lapses between the two.
QUEUE = {
    "URL": REDIS_URL,
    "DEFAULT_TIMEOUT": 90,
    # A page waits twice two seconds at the most for a Redis that is away, twice five for one that hangs; the outbox
    # does not need it to answer.
    "REDIS_CLIENT_KWARGS": {
        "socket_connect_timeout": 2,
        "socket_timeout": 5,  # rq gives its workers a longer one, since they wait for jobs
        "health_check_interval": 30,
        "retry": Retry(NoBackoff(), 1),
    },
}
RQ_QUEUES = {"account": QUEUE, "default": QUEUE, "background": QUEUE}  # as workers read them
RQ = {
    "COMMIT_MODE": "auto",  # nothing is enqueued inside a transaction here
    "SCHEDULER_CLASS": "reminders.scheduler.ReminderScheduler",
    "WORKER_CLASS": "teamreminders.worker.Worker",
}
RQ_SHOW_ADMIN_LINK = True

# --- Mail -------------------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "teamreminders.smtp.Backend"
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"] or (465 if EMAIL.get("EMAIL_USE_SSL") else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"] or "", EMAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_TLS", False), EMAIL.get("EMAIL_USE_SSL", False)
# Seconds for each read from the mail server; a whole message has line.SECONDS_FOR_ONE.
EMAIL_TIMEOUT = 12

# --- Safety -----------------------------------------------------------------------------------------------------------

HTTPS = SITE.scheme == "https"
CSRF_TRUSTED_ORIGINS = [f"{SITE.scheme}://{SITE.netloc}"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz", r"^readyz", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Other hosts below this name, and lists in browsers, are not this program's to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
TRUST_PROXY = read_flag("TRUST_PROXY")
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Logs: one line an event, ids only, never titles or addresses ----------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "teamreminders.logs.JsonLine"},
        "line": {"()": "teamreminders.logs.TextLine", "words_of_errors": DEBUG},
    },
    "filters": {
        "with_job": {"()": "teamreminders.logs.WithJob"},
        "with_request": {"()": "teamreminders.logs.WithRequest"},
        "without_refusals": {"()": "teamreminders.logs.WithoutRefusals"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["with_job", "with_request", "without_refusals"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Without Django's own handlers, which would print them a second time, and mail them to ADMINS.
        "django": {"handlers": [], "level": "INFO"},
        # It names the path of every form that came without a cookie, and some paths are secret links.
        "django.security.csrf": {"level": "ERROR"},
        "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},  # the same in gunicorn.conf.py
        "mail.log": {"level": "WARNING"},  # aiosmtpd's, of the local inbox: it would show every address
        "rq.worker": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "rq.job": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "rq_scheduler.scheduler": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
