# The fake in a container: docker build -t tempo-mock . && docker run --rm -p 127.0.0.1:8090:8090 tempo-mock
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN pip install --no-cache-dir --prefix=/install .

FROM python:3.13-slim
COPY --from=build /install /usr/local
RUN useradd --create-home --uid 10001 tempo
USER tempo
WORKDIR /home/tempo
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8090/_mock/health', timeout=2)"]
# Inside a container every caller comes from another address, so the control routes are opened; publish the port on
# loopback only, as above.
ENTRYPOINT ["tempo-mock", "serve", "--host", "0.0.0.0", "--open-control"]
