#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own, which is gone with all its data when the command ends.
#
#   scripts/with-postgres.sh COMMAND [ARGUMENT...]
#
# The command finds the server's address in TEST_DATABASE_URL. When TEST_DATABASE_URL is set already, that server is
# used and none is started. The exit status is that of the command.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"

if [ $# -eq 0 ]; then
  warn 'usage: scripts/with-postgres.sh COMMAND [ARGUMENT...]'
  exit 2
fi

if [ -n "${TEST_DATABASE_URL:-}" ]; then
  exec "$@"
fi

# Prints the folder with the programs of the newest PostgreSQL server found.
find_server() {
  local dir version best='' newest=0
  for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ] && [ -x "$dir/postgres" ]; then
      version=${dir%/bin}
      version=${version##*[!0-9]}
      if [ "$version" -gt "$newest" ]; then
        newest=$version
        best=$dir
      fi
    fi
  done
  if [ -z "$best" ] && have initdb && have pg_ctl; then
    best=$(dirname "$(command -v initdb)")
  fi
  [ -n "$best" ] && printf '%s\n' "$best"
}

# Installs the server's package, but lets it make and start no server of its own.
install_server() {
  local conf=/etc/postgresql-common/createcluster.conf
  can_install || return 1
  mkdir -p "$(dirname "$conf")"
  if ! grep -Eqs '^[[:space:]]*create_main_cluster[[:space:]]*=[[:space:]]*false' "$conf"; then
    printf 'create_main_cluster = false\n' >>"$conf"
  fi
  apt_install postgresql
}

if ! bin=$(find_server); then
  if ! install_server || ! bin=$(find_server); then
    warn 'The PostgreSQL server is missing: initdb is neither under /usr/lib/postgresql nor in PATH.'
    warn 'Install it (package "postgresql" on Debian and Ubuntu), or set TEST_DATABASE_URL to a running server'
    warn 'on which the user may create databases: TEST_DATABASE_URL=postgres://USER:PASSWORD@HOST:PORT/postgres'
    exit 1
  fi
fi

# PostgreSQL refuses to run as root.
owner=''
if [ "$(id -u)" -eq 0 ]; then
  for name in postgres nobody; do
    if id "$name" >/dev/null 2>&1; then
      owner=$name
      break
    fi
  done
  [ -n "$owner" ] || die 'PostgreSQL does not run as root, and there is no user "postgres" or "nobody"'
  have runuser || die 'PostgreSQL does not run as root, and runuser (package "util-linux") is missing'
fi

dir=''
child=''
group=''

# Runs a program of PostgreSQL as the user that owns the data. What ends this script does not end the program: a
# server half started would be one that nobody stops.
as_owner() {
  (
    trap '' HUP INT TERM
    cd "$dir"
    if [ -n "$owner" ]; then
      exec runuser -u "$owner" -- "$@"
    fi
    exec "$@"
  ) </dev/null
}

# shellcheck disable=SC2329 # called by clean_up
stop_server() {
  local pid
  [ -s "$dir/data/postmaster.pid" ] || return 0
  pid=$(head -n 1 "$dir/data/postmaster.pid")
  if ! as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate -t 30 -w stop >/dev/null 2>&1; then
    kill -KILL "$pid" 2>/dev/null || true
  fi
}

# shellcheck disable=SC2329 # called by the trap
clean_up() {
  local status=$?
  trap '' EXIT HUP INT PIPE TERM
  set +e
  if [ -n "$group" ]; then
    stop_group "$group" 15
  elif [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null
  fi
  if [ -n "$dir" ]; then
    stop_server
    rm -rf "$dir"
  fi
  exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM

# A folder that the owner can reach, wherever TMPDIR points.
make_folder() {
  local base
  for base in "${TMPDIR:-/tmp}" /tmp; do
    dir=$(mktemp -d "${base%/}/thidua-postgres.XXXXXX") || continue
    if [ -n "$owner" ]; then
      chown "$owner" "$dir"
    fi
    if as_owner test -w "$dir" 2>/dev/null; then
      return 0
    fi
    rm -rf "$dir"
    dir=''
  done
  return 1
}
make_folder || die 'no folder for temporary data that the server can write to'

# Bytes sort the same everywhere; only the letters' classes come from the locale.
find_locale() {
  local all name
  all=$(locale -a 2>/dev/null || true)
  for name in C.UTF-8 C.utf8 en_US.UTF-8 en_US.utf8 $(grep -Ei '\.utf-?8$' <<<"$all"); do
    if grep -Fqx "$name" <<<"$all"; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  printf 'C\n'
}

# Other users of this machine may reach the port: it wants a password.
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
(umask 077 && printf '%s\n' "$password" >"$dir/password")
if [ -n "$owner" ]; then
  chown "$owner" "$dir/password"
fi

if ! as_owner "$bin/initdb" -D "$dir/data" -U postgres --auth=password --pwfile="$dir/password" \
  --encoding=UTF8 --locale="$(find_locale)" --no-sync >"$dir/initdb.log" 2>&1; then
  cat "$dir/initdb.log" >&2
  die 'initdb failed; its output is above'
fi

# Only speed counts for data that is thrown away.
cat >>"$dir/data/postgresql.conf" <<'CONF'
autovacuum = off
fsync = off
full_page_writes = off
listen_addresses = '127.0.0.1'
max_connections = 200
max_wal_senders = 0
synchronous_commit = off
timezone = 'UTC'
unix_socket_directories = ''
wal_level = minimal
CONF

start_server() {
  local tries=0
  while [ "$tries" -lt 10 ]; do
    port=$(free_port) || return 1
    : >"$dir/server.log"
    if [ -n "$owner" ]; then
      chown "$owner" "$dir/server.log"
    fi
    if as_owner "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -o "-p $port" -t 60 -w start >/dev/null 2>&1; then
      return 0
    fi
    # Somebody else was quicker to take the port.
    grep -q 'Address already in use' "$dir/server.log" || break
    tries=$((tries + 1))
  done
  cat "$dir/server.log" >&2
  return 1
}
start_server || die 'PostgreSQL did not start; its log is above'

export TEST_DATABASE_URL="postgres://postgres:$password@127.0.0.1:$port/postgres"

# The command runs in the background, so that a signal is answered at once. At a terminal it stays in this process
# group, to read from the terminal and to get Ctrl-C; else it has a group of its own, which is ended as a whole.
if [ -t 0 ]; then
  (
    trap - HUP INT QUIT TERM EXIT
    exec "$@"
  ) <&0 &
  child=$!
else
  set -m
  "$@" <&0 &
  child=$!
  group=$child
  set +m
fi
status=0
wait "$child" || status=$?
child=''
if [ -n "$group" ] && kill -0 -- "-$group" 2>/dev/null; then
  warn 'Something that the command had started was still running; it is ended.'
  stop_group "$group" 5
fi
group=''
exit "$status"
