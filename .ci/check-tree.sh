#!/usr/bin/env bash
# What must never be in the repository: addresses of registries, paths of one machine, secrets.
set -uo pipefail
failed=0

refuse() {
  local what=$1 pattern=$2
  shift 2
  if git grep -nIE "$pattern" -- "$@" ':!.ci/check-tree.sh'; then
    echo "the lines above hold $what" >&2
    failed=1
  fi
}

refuse 'a download address of a package' '"resolved": *"https?://' 'package-lock.json'
refuse 'a path of one machine' '(^|[^A-Za-z0-9_.:/-])/(home|root|work|Users)/[a-z]' . ':!__tests__/stacks/audit.test.ts'
refuse 'a private key' '-----BEGIN [A-Z ]*PRIVATE KEY-----' .
refuse 'a Google API key' 'AIza[0-9A-Za-z_-]{35}' .
exit "$failed"
