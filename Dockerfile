FROM python:3.12-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/anw
COPY .lock/image.txt .lock/image.txt
RUN /opt/anw/bin/python -m pip install --quiet --no-deps --require-hashes -r .lock/image.txt
COPY pyproject.toml README.md LICENSE ./
COPY scheduler scheduler
COPY data/tariffs data/tariffs
COPY data/demo-roster.csv data/demo-roster.csv
COPY api api
RUN /opt/anw/bin/python -m pip install --quiet --no-deps --no-build-isolation .

FROM python:3.12-slim
# WeasyPrint draws the PDF with Pango, which needs a font to draw with.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 anw
COPY --from=build /opt/anw /opt/anw
USER anw
WORKDIR /work
ENTRYPOINT ["/opt/anw/bin/anw"]
CMD ["--help"]
