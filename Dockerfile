# The style sheet and scripts
FROM node:24-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY bin/*.mjs bin/
COPY static static
RUN npm run build

# The packages, from wheels alone: no compiler here, and none below
FROM python:3.12-slim-bookworm AS packages
RUN python -m venv /packages
COPY requirements.txt .
RUN /packages/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: -r requirements.txt

FROM python:3.12-slim-bookworm
ENV PATH=/packages/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=maturity.settings
RUN groupadd --system --gid 10001 survey \
    && useradd --system --uid 10001 --gid survey --no-create-home --shell /usr/sbin/nologin survey
WORKDIR /site
COPY --from=packages /packages /packages
COPY manage.py ./
COPY maturity maturity
COPY surveys surveys
COPY templates templates
COPY static static
COPY reference reference
COPY bin/answers_health.py bin/
COPY --from=assets /build/.build/static .build/static
# Collecting static files needs settings that can be read, not the deployment's: these are gone when it is done.
RUN SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(50))") \
    DATABASE_URL=postgresql://nobody@localhost/none \
    python manage.py collectstatic --no-input
# A volume that is new takes over whose folder it stands for.
RUN install --directory --mode=0700 --owner=survey --group=survey .data/evidence
USER survey
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "bin/answers_health.py"]
# Threads share the memory of a process; /dev/shm keeps the workers' heartbeats off a slow disk.
CMD ["gunicorn", "maturity.wsgi", "--bind=0.0.0.0:8000", "--threads=4", "--worker-tmp-dir=/dev/shm", \
     "--no-control-socket", "--access-logfile=-"]
