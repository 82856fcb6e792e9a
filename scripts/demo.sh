#!/usr/bin/env bash
# Builds the service and starts it with demonstration data on the embedded database.
#
#   scripts/demo.sh [ARGUMENT...]     # the arguments are those of `thidua demo`; see scripts/demo.sh --help
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"
root=$(dirname "$here")

have cargo || die 'Rust is missing: install it with rustup (https://rustup.rs), then run this again.'
have cc || die 'A C compiler is missing: install one (package "gcc" on Debian and Ubuntu), then run this again.'

# The page is a help for exploring; the service does without it.
"$here/build-web.sh" || warn 'Going on without GraphiQL; everything else works.'

target=$(cd "$root" && cargo metadata --locked --no-deps --format-version 1 |
  sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
# The build that the tests use too: it takes a third of the time of an optimised one and is quick enough to try things out. What serves
# people is built by `cargo build --release`, as the Dockerfile does.
if [ ! -x "$target/debug/thidua" ]; then
  say 'Building the service; the first time takes some minutes ...'
fi
(cd "$root" && cargo build --locked --bin thidua)

# The folder the caller is in stays the current one: paths among the arguments are relative to it.
exec "$target/debug/thidua" demo "$@"
