# The packages as the lock file has them; none of them is compiled, and none runs a script of its own.
FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production
COPY --from=modules /app/node_modules /app/node_modules
COPY package.json LICENSE README.md /app/
COPY provisioning /app/provisioning
COPY src /app/src
# Whatever user it is run as is of group 0: it may write here, and nowhere else.
RUN mkdir /data && chgrp 0 /data && chmod 0770 /data
USER 10001:0
WORKDIR /data
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8081/health/live').then(({ok}) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# As `npm start` does: young objects have 32 MiB (three times over), so that what a text leaves behind is seldom looked at, and one thread collects
# them: helpers would wait for each other on one core.
ENTRYPOINT ["node", "--min-semi-space-size=32", "--max-semi-space-size=32", "--no-parallel-scavenge", "/app/src/main.ts"]
