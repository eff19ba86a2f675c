# One stage builds the explorer, one installs the locked packages into /opt/venv; the last runs them without npm, pip's
# cache or any build tool.

FROM node:22-slim AS explorer
WORKDIR /build/explorer
COPY examples ../examples
COPY explorer .
RUN npm ci --omit=dev && npm run build

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/venv
COPY requirements.lock .
RUN /opt/venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock \
    && /opt/venv/bin/python -m pip uninstall --quiet --yes pip

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin tributary \
    && install --directory --owner=tributary --group=tributary /app /app/var
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=explorer /build/explorer/dist explorer/dist
COPY pyproject.toml server.py ./
COPY executor executor
COPY providers providers
COPY resolvers resolvers
COPY schema schema
COPY serving serving
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=2); c.request('GET', '/livez'); sys.exit(c.getresponse().status != 200)"]
CMD ["python", "server.py"]
