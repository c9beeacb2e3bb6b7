# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN node scripts/ensure-build.mjs

FROM node:24-slim
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    NEXT_MANUAL_SIG_HANDLE=1 \
    KEEP_ALIVE_TIMEOUT=65000 \
    NODE_COMPILE_CACHE=/tmp/compile-cache \
    PORT=3000 \
    SWITCHYARD_HOST=0.0.0.0 \
    SWITCHYARD_CONFIG=/config/switchyard.yaml \
    DATA_DIR=/data
WORKDIR /app
RUN mkdir /data /config && chown node:node /data
COPY --from=build --chown=root:root /src/.next/standalone ./
USER node
VOLUME /data
EXPOSE 3000
# lib/process/boot.ts ends the engine, the observer and the store on it.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Container engines set HOSTNAME to the container's own name, which is not what to listen on.
CMD ["sh", "-c", "HOSTNAME=\"$SWITCHYARD_HOST\" exec node server.js"]
