#!/usr/bin/env bash
# Walks the tour of README.md as a newcomer would: every ```sh block, in order, in one shell, against a fresh demonstration.
# Needs the service's binary in TEST_BINARY. Ends with `README: N passed, N failed`, counted in blocks.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${TEST_BINARY:?the path of the built service, target/debug/thidua say}

folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$binary" demo --listen "127.0.0.1:$port" --data-dir "$folder/data" >"$folder/service.log" 2>&1 &
server=$!
for _ in $(seq 150); do
    curl -fs "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break
    sleep 0.2
done

# Each block becomes a numbered step of one script. A step fails when a command of it does, or when an answer holds an
# error that the text around it does not announce.
python3 - "$port" <<'PYTHON' >"$folder/tour.sh"
import re, sys
text = open("README.md", encoding="utf-8").read()
print("set -euo pipefail")
for number, block in enumerate(re.findall(r"^```sh\n(.*?)^```", text, re.S | re.M), 1):
    print(f'echo "== {number}"')
    print(block.replace("127.0.0.1:8080", f"127.0.0.1:{sys.argv[1]}"))
PYTHON
blocks=$(grep -c '^echo "== ' "$folder/tour.sh")
status=0
bash "$folder/tour.sh" >"$folder/answers" 2>&1 || status=$?
cat "$folder/answers"
done_blocks=$(grep -c '^== ' "$folder/answers" || true)
[ "$status" -eq 0 ] || done_blocks=$((done_blocks - 1))

python3 - "$folder/answers" "$status" "$blocks" "$done_blocks" <<'PYTHON'
import re, sys
answers = open(sys.argv[1], encoding="utf-8").read()
status, blocks, done = map(int, sys.argv[2:])
wrong = []
moved = re.search(r"members of the cluster: (\d+) before, (\d+) after", answers)
if not moved or int(moved[2]) - int(moved[1]) != 63:
    wrong.append("the total did not move by the 63 members of the report")
for announced in ["390.777.000", "39.077.700", '"RETURNED"', '"VERIFIED"', "APPROVED", '"totalCount":1', "FORBIDDEN", "Cụm 1", "Danh sách 61 đoàn viên", "nosniff", "SELF_SCORING", '"equal":true', "Suy tôn đơn vị dẫn đầu", '"why":"MISSED"', "Suy tôn đơn vị xuất sắc", "PRIOR_TITLES", '"unchanged":2', '"count":18']:
    if announced not in answers:
        wrong.append(f"nowhere in the answers: {announced}")
if answers.count('"errors"') != 1:
    wrong.append("there should be one error, the last step's FORBIDDEN")
for sentence in wrong:
    print(f"README: {sentence}")
failed = (blocks - done) + (1 if wrong else 0)
print(f"README: {max(done - (1 if wrong else 0), 0)} passed, {failed} failed")
sys.exit(1 if failed or status else 0)
PYTHON
