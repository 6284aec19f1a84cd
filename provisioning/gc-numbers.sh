#!/bin/sh
# The toll-free numbers of the organization in Genesys Cloud.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/genesys-cloud.sh"

usage() {
  cat <<'END'
gc-numbers.sh [options]
Lists the organization's toll-free numbers: number, state, comment, a line each.

Values: gcAPIURL, access_token (gc-token.sh gets it)
END
}

while [ $# -gt 0 ]; do common_option "$@"; shift "$taken"; done
load_settings
require gcAPIURL access_token

read_cloud "$numbers_path/"
printf '%s\n' "$flat" | awk -F '\t' '
  { text[$1] = $3; raw[$1] = $2 }
  END { for (at = 0; ("/entities/" at) in raw; at++) {
    entry = "/entities/" at
    print text[entry "/tollfreeNumber"] "\t" text[entry "/status"] "\t" text[entry "/comment"]
  } }'
