# One image for server, SFU, relay and the tools, for amd64 and arm64. Debian 12, because
# the worker's build from source is tried there.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
RUN npm install --global pnpm@12.21.0

# Everything that building needs: the page, and the worker. That is mediasoup's prebuilt one
# where GitHub can be reached; else it is compiled here, with packages that stay in this stage,
# and kept between builds: an upgrade need not compile it again.
FROM base AS build
COPY . .
RUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm install --frozen-lockfile
RUN --mount=type=cache,target=/root/.cache/beseda pnpm run build --worker /out/mediasoup-worker

# What runs needs fewer packages.
FROM base AS packages
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY protocol/package.json protocol/
COPY client/package.json client/
COPY server/package.json server/
COPY sfu/package.json sfu/
COPY web/package.json web/
COPY launcher/package.json launcher/
COPY bench/package.json bench/
COPY bots/package.json bots/
RUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm install --frozen-lockfile --prod --filter @beseda/server... --filter @beseda/sfu... --filter @beseda/launcher...

FROM node:24.21.0-bookworm-slim AS beseda
# coturn for the relay; the others for a worker that was compiled.
RUN apt-get update \
  && apt-get install -y --no-install-recommends coturn libuv1 libabsl20220623 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app ./
COPY LICENSE turnserver.conf ./
COPY migrations migrations
COPY protocol/src protocol/src
COPY server/src server/src
COPY sfu/src sfu/src
COPY launcher/src launcher/src
COPY --from=build /app/web/dist web/dist
COPY --from=build /out/mediasoup-worker /usr/local/bin/mediasoup-worker
RUN install --directory --owner node --group node --mode 700 /data
ENV NODE_ENV=production \
  NODE_OPTIONS="--disable-warning=ExperimentalWarning --max-semi-space-size=8" \
  DATA_DIR=/data \
  WEB_DIST=/app/web/dist \
  MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
USER node
CMD ["node", "server/src/main.ts"]

# Caddy as it comes, with folders that belong to the user of the image above: the relay
# reads the certificate.
FROM caddy:2.10.2-alpine AS caddy
RUN chown -R 1000:1000 /data /config
USER 1000:1000
