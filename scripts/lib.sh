# Shared by the scripts: where the project is, and how it is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
export CGO_ENABLED=1
# sqlite_fts5: the search index. The version is what git knows.
TAGS=sqlite_fts5
VERSION=$(git describe --tags --always --dirty 2>/dev/null || echo development)

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "This needs $tool on the PATH." >&2; exit 1; }
  done
}

# frontend_modules installs exactly what the lock file names, once a lock file.
frontend_modules() {
  need node npm
  local stamp=frontend/node_modules/.installed
  if ! cmp -s frontend/package-lock.json "$stamp"; then
    say "Installing the frontend's packages"
    (cd frontend && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund)
    cp frontend/package-lock.json "$stamp"
  fi
}

GENERATOR=github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2

# generate_go FILE writes the Go code of the contract. The generator's own would
# parse the query again for each of a list's sixty parameters.
generate_go() {
  local config
  config=$(mktemp)
  sed "s|^output: .*|output: $1.raw|" "$ROOT/api/generate.yaml" >"$config"
  (cd "$ROOT/api" && go run "$GENERATOR" -config "$config" openapi.yaml) &&
    sed 's/c\.Request\.URL\.Query()/queryOf(c)/' "$1.raw" >"$1"
  local status=$?
  rm -f "$config" "$1.raw"
  return $status
}
