# One image for every process of the Procfile: web (the default command), worker, scheduler and release.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt /
RUN /venv/bin/pip install -r /requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8000
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin reminders
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
# The static files do not depend on the settings below, which exist for this one command.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789 SITE_URL=https://build.example.org \
    DATABASE_URL=postgres://none:none@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 EMAIL_URL=smtp://127.0.0.1 \
    DEFAULT_FROM_EMAIL=build@example.org python manage.py collectstatic --noinput
USER 10001
EXPOSE 8000
# Asked by address, answered to the site's own name (ALLOWED_HOSTS).
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os, urllib.parse, urllib.request as web; \
name = urllib.parse.urlsplit(os.environ['SITE_URL']).netloc; \
web.urlopen(web.Request('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', headers={'Host': name}), timeout=4)"]
CMD ["gunicorn", "teamreminders.wsgi", "--no-control-socket"]
