#!/usr/bin/env bash
# Puts openpyxl into a folder, for the tests that open spreadsheets with a program that is not ours; does nothing when it is there.
# With it: PYTHONPATH=FOLDER python3 ...
#
#   scripts/python.sh FOLDER
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"

[ $# -eq 1 ] || die 'which folder?'
folder=$1
wanted=$here/../tests/python/requirements.txt

if cmp -s "$wanted" "$folder/requirements.txt"; then
  exit 0
fi
have python3 || die 'python3 is missing: install Python 3.9 or newer'
rm -rf "$folder"
mkdir -p "$folder"
if python3 -m pip --version >/dev/null 2>&1; then
  pip=(python3 -m pip)
elif python3 -m venv "$folder.venv" >/dev/null 2>&1; then
  pip=("$folder.venv/bin/python" -m pip)
else
  die 'pip is missing: install it (package "python3-pip" on Debian and Ubuntu)'
fi
"${pip[@]}" --disable-pip-version-check install --quiet --no-input --only-binary :all: --target "$folder" -r "$wanted" ||
  die "openpyxl could not be installed into $folder; see above"
# Comes last: what was broken off is begun anew.
cp "$wanted" "$folder/requirements.txt"
