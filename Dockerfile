# Build styles, scripts and fonts.
FROM node:22-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY scripts/build_assets.mjs scripts/
COPY assets assets
RUN npm run build

# The site itself: one image for web, worker and beat.
FROM python:3.12-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=lms.settings.production \
    VAR_DIR=/var/lib/lms \
    STATIC_ROOT=/app/static
RUN useradd --create-home --uid 1000 lms && mkdir -p "$VAR_DIR/media" "$VAR_DIR/private" && chown -R lms "$VAR_DIR"
WORKDIR /app
COPY requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
COPY --from=assets /app/lms/static/site lms/static/site
RUN SECRET_KEY=build ALLOWED_HOSTS=build SITE_URL=https://build DATABASE_URL=sqlite:////tmp/build \
    REDIS_URL=redis://build python manage.py collectstatic --noinput --verbosity 0
USER lms
EXPOSE 8000
CMD ["gunicorn", "lms.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
