# syntax=docker/dockerfile:1
#
# Newsthread without its demo: bot and cogs in a virtual environment on a slim Python, run by an unprivileged user on a
# read-only root. `docker compose up -d` uses it as it is meant; compose.yaml tells how. There is no shell in it, and no
# other program: what is needed inside is a command of newsthread, or `python -c`.
#
# The base is named by a tag that gets security fixes. To pin it to one image, put the digest behind the tag
# (python:3.11-slim-bookworm@sha256:...) as `docker buildx imagetools inspect python:3.11-slim-bookworm` shows it.
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
# Dependencies first: this layer stays as long as the lock file does. Every file is checked against its hash.
COPY requirements.txt ./
RUN python -m venv --without-pip /opt/newsthread && \
    pip --python /opt/newsthread/bin/python install --require-hashes --only-binary :all: -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
COPY cogs/ cogs/
# --no-build-isolation: setuptools comes from the lock file too, and leaves again when it has done its work.
RUN pip --python /opt/newsthread/bin/python install --no-deps --no-build-isolation . && \
    pip --python /opt/newsthread/bin/python uninstall --yes setuptools && \
    /opt/newsthread/bin/python -m compileall -q /opt/newsthread/lib && \
    mkdir /empty

FROM ${PYTHON} AS system
RUN python -m pip uninstall --yes --root-user-action ignore pip setuptools wheel && \
    groupadd --gid 10001 newsthread && \
    useradd --uid 10001 --gid newsthread --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin newsthread
COPY --from=build /opt/newsthread /opt/newsthread
COPY docker/strip.py /strip.py
RUN ["/usr/local/bin/python3", "-I", "/strip.py", "/"]

# From scratch, so that what was taken away is in no layer.
FROM scratch
COPY --from=system / /
COPY --from=build --chown=10001:10001 /empty /data
ENV PATH=/opt/newsthread/bin \
    LANG=C.UTF-8 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HEALTH_URL=http://127.0.0.1:8710/healthz
# The store's default path, data/newsthread.db, is relative: from here it lies in the volume.
WORKDIR /
VOLUME /data
USER 10001:10001
# The build fails if something is missing that is needed: a library, an own module, the authorities' certificates.
RUN ["newsthread", "--version"]
RUN ["python", "-c", "import os, ssl, bot.app, bot.feeds.parse, cogs.news; assert os.listdir(ssl.get_default_verify_paths().capath)"]
# Set HEALTH_URL when [status] listen has another port. No proxy is asked on the way to ourselves.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open(os.environ['HEALTH_URL'], timeout=4)"]
ENTRYPOINT ["newsthread"]
CMD ["run", "--config", "/config"]
