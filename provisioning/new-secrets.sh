#!/bin/sh
# Strong keys for a channel's signatures.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/lib.sh"

usage() {
  cat <<'END'
new-secrets.sh [options]
Makes the keys of a channel's signatures, 256 random bits each, and saves them in the env file. Keys that are there stay.

Values: asyncWebhookSignatureKey and asyncAPISignatureKey, made when they are not given
END
}

while [ $# -gt 0 ]; do common_option "$@"; shift "$taken"; done
load_settings
[ -n "$env_file" ] || fail "$wrong_use" "say where the keys go: --env-file FILE saves them there."

for name in asyncWebhookSignatureKey asyncAPISignatureKey; do
  eval "value=\$$name"
  if [ -n "$value" ]; then
    say "$name: there is one already."
    continue
  fi
  [ "$dry_run" = yes ] || save_value "$env_file" "$name" "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
  say "$name: new, in $env_file."
done
