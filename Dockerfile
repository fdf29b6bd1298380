# One image for every process: `docker run IMAGE run | web | smtp | worker | migrate | doctor`.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/kiss
WORKDIR /src
COPY requirements-build.lock requirements.lock ./
RUN /opt/kiss/bin/pip install --require-hashes --no-deps -r requirements-build.lock \
 && /opt/kiss/bin/pip install --require-hashes --no-deps --no-build-isolation --use-pep517 -r requirements.lock
COPY . ./
RUN /opt/kiss/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /home/kiss kiss && install -d -o kiss -g kiss /data
COPY --from=build /opt/kiss /opt/kiss
ENV PATH=/opt/kiss/bin:$PATH PYTHONUNBUFFERED=1 KISS_DATA=/data KISS_HOST=0.0.0.0 KISS_LOG=json
USER kiss
VOLUME /data
EXPOSE 8080 2525
STOPSIGNAL SIGTERM
ENTRYPOINT ["kiss"]
CMD ["run"]
