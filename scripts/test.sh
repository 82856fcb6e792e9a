#!/usr/bin/env bash
# Runs the tests and sums them up; the last line is "N passed, N failed", and the exit status is 0 only when something
# was run and nothing failed.
#
#   scripts/test.sh                   all tests: Rust on both databases, the README's commands, GraphiQL in a browser
#   scripts/test.sh ARGUMENT...       only `cargo test --workspace ARGUMENT...`, as in: scripts/test.sh ballot
#
# A throw-away PostgreSQL is started, unless TEST_DATABASE_URL names a running one.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"
cd "$here/.."

case ${1:-} in
-h | --help)
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 0
  ;;
esac

# The settings of the one who runs the tests are no business of the services that the tests start.
for name in ${!THIDUA_@}; do
  unset "$name"
done

passed=0
failed=0
summary=''
group=''
tee_pid=''
finished=''
work=$(mktemp -d "${TMPDIR:-/tmp}/thidua-test.XXXXXX")

# note TEXT PASSED FAILED [REMARK]: one line of the summary.
note() {
  summary+=$(printf '  %-24s %5d passed, %3d failed  %s' "$1" "$2" "$3" "${4:-}")$'\n'
  passed=$((passed + $2))
  failed=$((failed + $3))
}

# shellcheck disable=SC2329 # called by the trap
finish() {
  local status=$?
  trap '' EXIT HUP INT TERM
  set +e
  if [ -n "$group" ]; then
    stop_group "$group" 30
    wait "$tee_pid" 2>/dev/null
  fi
  rm -rf "$work"
  if [ -z "$finished" ] && [ "$status" -ge 128 ]; then
    note 'all' 0 1 'interrupted'
  elif [ -z "$finished" ] && [ "$failed" -eq 0 ]; then
    note 'all' 0 1 "scripts/test.sh stopped early with status $status"
  fi
  printf '\nSummary\n%s' "$summary"
  if [ $((passed + failed)) -eq 0 ]; then
    say '  No test was run.'
  fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then
    exit $((status == 0 ? 1 : status))
  fi
  exit 0
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# run LOG COMMAND...: runs it in a process group of its own, shows its output as it comes, and keeps a copy.
run() {
  local log=$1 status=0 left=100
  shift
  rm -f "$work/pipe"
  mkfifo "$work/pipe"
  # What ends the script must not end tee first, else the last words are lost.
  (
    trap '' HUP INT TERM
    exec tee "$log" <"$work/pipe"
  ) &
  tee_pid=$!
  set -m
  "$@" >"$work/pipe" 2>&1 </dev/null &
  group=$!
  set +m
  wait "$group" || status=$?
  # A process left behind would keep the pipe open for ever.
  while kill -0 "$tee_pid" 2>/dev/null; do
    if [ "$left" -eq 0 ]; then
      say 'Something that the tests had started was still running; it is ended.'
      stop_group "$group" 5
      kill -KILL "$tee_pid" 2>/dev/null || true
      break
    fi
    left=$((left - 1))
    sleep 0.05
  done
  wait "$tee_pid" 2>/dev/null || true
  group=''
  return "$status"
}

# count KIND LOG: prints "PASSED FAILED IGNORED BROKEN" as the runner itself reported them, summed over all its parts.
# BROKEN are test binaries that were started but did not live to report.
count() {
  sed -e $'s/\033\\[[0-9;]*m//g' -e $'s/\r$//' "$2" | awk -v kind="$1" '
    kind == "cargo" && /^test result: (ok|FAILED)\. [0-9]+ passed; [0-9]+ failed; [0-9]+ ignored;/ {
      passed += $4; failed += $6; ignored += $8; reported++
    }
    kind == "cargo" && (/^ +Running .+ \(.+\)$/ || /^ +Doc-tests /) { started++ }
    # Node marks the lines of its summary with "#" or with an i in a circle, by the kind of output.
    kind == "node" && NF == 3 && ($1 == "#" || $1 == "ℹ") && $3 ~ /^[0-9]+$/ {
      if ($2 == "pass") passed += $3
      if ($2 == "fail" || $2 == "cancelled") failed += $3
      if ($2 == "skipped" || $2 == "todo") ignored += $3
    }
    kind == "plain" && /^([[:alnum:]]+: )?[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
      sub(/^[[:alnum:]]+: /, ""); passed = $1; failed = $3; ignored = $5
    }
    END { print passed + 0, failed + 0, ignored + 0, (started > reported ? started - reported : 0) }
  '
}

# step KIND TITLE COMMAND...: runs a part and adds what it counted. KIND is a runner known to `count`, or "build" for a
# part that is no test. A part that fails without a failed test, or runs none, counts as one that failed.
step() {
  local kind=$1 title=$2 status=0 started=$SECONDS ok bad ignored broken remark
  shift 2
  printf '\n== %s\n' "$title"
  run "$work/log" "$@" || status=$?
  read -r ok bad ignored broken < <(count "$kind" "$work/log")
  remark="$((SECONDS - started)) s"
  if [ "$ignored" -gt 0 ]; then
    remark+=", $ignored ignored"
  fi
  if [ "$status" -ne 0 ] && [ "$broken" -gt 0 ]; then
    bad=$((bad + broken))
    remark+=", $broken ended without a result"
  fi
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
    remark+=", ended with status $status"
  elif [ "$kind" != build ] && [ "$status" -eq 0 ] && [ $((ok + bad)) -eq 0 ]; then
    bad=1
    remark+=', ran no test'
  fi
  if [ "$kind" != build ] || [ "$bad" -gt 0 ]; then
    note "$title" "$ok" "$bad" "$remark"
  else
    summary+=$(printf '  %-24s done                      %s' "$title" "$remark")$'\n'
  fi
  [ "$bad" -eq 0 ]
}

missing=''

need() {
  have "$1" || missing+="  $1: $2"$'\n'
}

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    if [ -n "$name" ] && have "$name"; then
      CHROMIUM=$(command -v "$name")
      export CHROMIUM
      return 0
    fi
  done
  return 1
}

check_needs() {
  need cargo 'install Rust with rustup'
  need cc 'install a C compiler (package "gcc" on Debian and Ubuntu)'
  need python3 'install Python 3.9 or newer, with pip'
  if [ "$1" = all ]; then
    need node 'install Node.js 20.19 or newer'
    need npm 'install npm, which comes with Node.js'
    if ! find_chromium; then
      if [ -z "$missing" ] && can_install; then
        apt_install chromium fonts-dejavu-core || true
      fi
      find_chromium || missing+='  chromium: install it (package "chromium" on Debian and Ubuntu), or set CHROMIUM to its path'$'\n'
    fi
  fi
  if [ -n "$missing" ]; then
    printf 'These tests cannot be run, because something is missing:\n%s' "$missing"
    note 'what is needed' 0 1 'something is missing; see above'
    return 1
  fi
}

# Prints NAME and PASSWORD of the first account with one of the roles, on two lines.
# shellcheck disable=SC2016 # the program is for node
account_program='
  const [file, ...roles] = process.argv.slice(1)
  const accounts = JSON.parse(require("fs").readFileSync(file, "utf8"))
  const found = roles.map((role) => accounts.find((account) => account.role === role)).find(Boolean)
  if (!found) throw new Error(`${file} holds no account with the role ${roles.join(" or ")}`)
  console.log(found.username)
  console.log(found.password)
'
# shellcheck disable=SC2016
ready_program='
  fetch(process.argv[1]).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))
'

# Drives GraphiQL in Chromium against a demonstration service.
# shellcheck disable=SC2329 # called by step
browser_test() {
  local data=$work/demo url port server status=0 tries=0 answer
  port=$(free_port) || return 1
  url=http://127.0.0.1:$port
  mkdir "$data" || return 1
  "$binary" demo --listen "127.0.0.1:$port" --data-dir "$data" --accounts-file "$data/accounts.json" \
    >"$data/output" 2>&1 &
  server=$!
  until [ -s "$data/accounts.json" ] && node -e "$ready_program" "$url/readyz"; do
    if ! kill -0 "$server" 2>/dev/null || [ "$tries" -ge 600 ]; then
      say 'The demonstration service did not get ready. Its output:'
      cat "$data/output"
      kill -KILL "$server" 2>/dev/null || true
      return 1
    fi
    tries=$((tries + 1))
    sleep 0.1
  done
  answer=$(node -e "$account_program" "$data/accounts.json" ADMIN SPECIALIST) || status=$?
  if [ "$status" -eq 0 ]; then
    (
      cd tests/browser &&
        npm ci --no-audit --no-fund &&
        THIDUA_URL=$url THIDUA_USERNAME=${answer%%$'\n'*} THIDUA_PASSWORD=${answer#*$'\n'} npm test
    ) || status=$?
  fi
  if [ "$status" -ne 0 ]; then
    say 'The last lines of the demonstration service:'
    tail -n 20 "$data/output"
  fi
  kill -TERM "$server" 2>/dev/null || true
  tries=0
  while kill -0 "$server" 2>/dev/null; do
    if [ "$tries" -ge 300 ]; then
      say 'The demonstration service did not stop within 30 seconds.'
      kill -KILL "$server" 2>/dev/null || true
      status=1
    fi
    tries=$((tries + 1))
    sleep 0.1
  done
  return "$status"
}

if [ $# -gt 0 ]; then
  check_needs cargo || exit 1
  step cargo 'cargo test' scripts/with-postgres.sh cargo test --workspace --no-fail-fast "$@" || true
  finished=yes
  exit 0
fi

check_needs all || exit 1
step build 'GraphiQL' scripts/build-web.sh || true
# Built for itself first: what does not compile is told apart from what fails.
if ! step build 'cargo build of tests' cargo test --workspace --no-run; then
  exit 1
fi
step cargo 'cargo test' scripts/with-postgres.sh cargo test --workspace --no-fail-fast || true

# The binary that the tests were run with; another build of it could differ in features.
binary=$(cargo metadata --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')/debug/thidua
if [ -f scripts/tour.sh ]; then
  step plain 'README' scripts/with-postgres.sh env TEST_BINARY="$binary" bash scripts/tour.sh || true
fi
step node 'GraphiQL in a browser' browser_test || true
finished=yes
