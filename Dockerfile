# One image for web, worker, beat and migrate.

FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.txt requirements-local.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
# Node, to fetch the front-end assets, stays behind in this stage.
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements-local.txt
COPY . .
RUN /tools/bin/python -m shelter.ui.assets && /venv/bin/python -m shelter.messages
# The settings want their names said; nothing connects, and none of these words reaches the image that runs.
RUN env SECRET_KEY=only-to-collect-static-files ALLOWED_HOSTS=none MAIL_URL=console: BROKER_URL=redis://none \
        DATABASE_URL=postgresql://none@none/none VAULT_KEYS=none:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA \
        STATIC_ROOT=/build/staticfiles \
        /venv/bin/python manage.py collectstatic --no-input \
    && rm -rf node_modules tests bench

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/maisonnee STATIC_ROOT=/app/staticfiles
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin maisonnee \
    && install -d -o maisonnee -g maisonnee -m 0700 /var/lib/maisonnee
COPY --from=build /venv /venv
COPY --from=build /build /app
WORKDIR /app
USER 10001
VOLUME /var/lib/maisonnee
EXPOSE 8000
CMD ["gunicorn", "--config", "python:shelter.gunicorn"]
