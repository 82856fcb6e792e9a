# syntax=docker/dockerfile:1

# The GraphiQL page.
FROM node:22-bookworm-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

# The service, with the page embedded. Same Debian release as below, so that the C library fits.
FROM rust:1.95-bookworm AS service
WORKDIR /build
COPY . .
COPY --from=web /build/web/dist web/dist
# The caches make a second build quick; what is in them is in no image.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin thidua && \
    install -D -m 0755 target/release/thidua /out/thidua

FROM debian:12-slim
# Certificates: for PostgreSQL, mail, the identity provider and webhooks over TLS.
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates && \
    rm -rf /var/lib/apt/lists/* && \
    groupadd --gid 10001 thidua && \
    useradd --uid 10001 --gid thidua --no-create-home --home-dir /data --shell /usr/sbin/nologin thidua && \
    install -d -o thidua -g thidua -m 0700 /data
COPY --from=service /out/thidua /usr/local/bin/thidua
# The number, not the name: Kubernetes then sees that it is not root.
USER 10001:10001
# Without a database address the embedded database lies in /data; the signing keys always do, and so do the evidence files, unless
# THIDUA_EVIDENCE_STORE says otherwise.
WORKDIR /data
VOLUME /data
ENV THIDUA_LISTEN=0.0.0.0:8080 \
    THIDUA_DATA_DIR=/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["thidua", "health"]
ENTRYPOINT ["thidua"]
CMD ["serve"]
