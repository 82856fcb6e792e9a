#!/usr/bin/env bash
# Builds the GraphiQL page from web/ into web/dist, unless that was done from the same sources before.
#
#   scripts/build-web.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"

cd "$here/../web"
# The stamp goes with node_modules, because Vite empties dist, and all of dist is embedded.
stamp=node_modules/.built-from

sources() {
  find . \( -name node_modules -o -path ./dist \) -prune -o -type f -print | LC_ALL=C sort | tr '\n' '\0' |
    xargs -0 cksum | cksum
}

now=$(sources)
if [ -f dist/index.html ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ]; then
  say 'GraphiQL is up to date.'
  exit 0
fi

if ! have node || ! have npm; then
  die 'Node.js 20.19 or newer with npm is missing: it builds the GraphiQL page.'
fi

say 'Building GraphiQL ...'
rm -f "$stamp"
npm ci --no-audit --no-fund
npm run build
# The placeholder is in git; Vite may have taken it away.
touch dist/.keep
printf '%s\n' "$now" >"$stamp"
