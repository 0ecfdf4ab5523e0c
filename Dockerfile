# The frontend, then the server with the frontend inside, then nothing else.
FROM node:22-bookworm-slim AS frontend
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund
COPY frontend ./
COPY api/openapi.yaml ../api/openapi.yaml
RUN npm run build

FROM golang:1.26-bookworm AS server
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=frontend /src/frontend/dist frontend/dist
ARG VERSION=development
# A static binary: SQLite is compiled in, time zones are embedded, and names are
# looked up by Go itself.
RUN CGO_ENABLED=1 go build -trimpath -tags sqlite_fts5,netgo,osusergo,timetzdata,sqlite_omit_load_extension \
      -ldflags "-s -w -linkmode external -extldflags -static -X patchline/internal/cli.Version=$VERSION" -o /patchline . \
 && mkdir /data

FROM scratch
COPY --from=server /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=server /patchline /patchline
COPY --from=server --chown=65532:65532 /data /data
# Large uploads and SQLite's temporary files need a place in an image without one.
COPY --from=server --chown=65532:65532 /data /tmp
USER 65532:65532
ENV PATCHLINE_ADDR=0.0.0.0:8080 PATCHLINE_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/patchline"]
CMD ["serve"]
