# samework in an image of its own: the command, its locked dependencies, nothing to build with.
#
#   docker build -t samework .
#   docker run --rm -v "$PWD:/data" samework dedupe export.ris --out answer
#
# `.venv/bin/python -m pytest -m soak tests/test_image.py` makes and runs it by buildah, without Docker.

FROM python:3.11-slim-bookworm AS build
WORKDIR /source
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/samework
COPY requirements.lock ./
RUN /opt/samework/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml LICENSE ./
COPY indexer indexer
COPY detector detector
COPY samework samework
# setuptools is in the lock: nothing is fetched here any more; the tests are those of SciPy and NumPy
RUN /opt/samework/bin/pip install --no-deps --no-build-isolation . \
    && /opt/samework/bin/pip uninstall --yes --quiet setuptools pip \
    && find /opt/samework -type d -name tests -prune -exec rm -r {} +

FROM python:3.11-slim-bookworm
# a number, so that an orchestrator can see that it is not root
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin samework \
    && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/samework /opt/samework
ENV PATH=/opt/samework/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /data
ENTRYPOINT ["samework"]
CMD ["--help"]
