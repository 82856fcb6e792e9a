# shellcheck shell=bash
# What the scripts beside this file have in common. Sourced, never run.

say() {
  printf '%s\n' "$*"
}

warn() {
  printf '%s\n' "$*" >&2
}

die() {
  warn "$(basename "$0"): $*"
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# Can packages be installed here without asking anybody?
can_install() {
  [ "$(id -u)" -eq 0 ] && have apt-get
}

# apt_install PACKAGE...: as root on Debian or Ubuntu. Waits for another apt-get that is at work.
apt_install() {
  local log tries=0
  log=$(mktemp)
  say "Installing $* ..."
  # The lock of the lists cannot be waited for by an option, and an old list may still do.
  until apt-get -q update </dev/null >"$log" 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ] || ! grep -q 'Could not get lock' "$log"; then
      break
    fi
    sleep 2
  done
  if ! DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold \
    install "$@" </dev/null >>"$log" 2>&1; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# Prints a port of 127.0.0.1 on which nobody listens, below the ports that systems give to outgoing connections.
free_port() {
  local port tries=0
  while [ "$tries" -lt 100 ]; do
    port=$((15000 + RANDOM % 16000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return 0
    fi
    tries=$((tries + 1))
  done
  warn 'no free port on 127.0.0.1'
  return 1
}

# stop_group PGID SECONDS: ends a process group, at last by force.
stop_group() {
  local group=$1 left=$(($2 * 10))
  kill -TERM -- "-$group" 2>/dev/null || return 0
  while [ "$left" -gt 0 ] && kill -0 -- "-$group" 2>/dev/null; do
    sleep 0.1
    left=$((left - 1))
  done
  kill -KILL -- "-$group" 2>/dev/null || true
}
