#!/bin/sh
# A token for the calls to Genesys Cloud.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/token.sh"

usage() {
  cat <<'END'
gc-token.sh [--print] [options]
Gets a token for Genesys Cloud and saves it as access_token in the env file.

Values: gcLoginURL, clientId, clientSecret
  --print           write the token to the terminal
END
}

while [ $# -gt 0 ]; do token_option "$@"; shift "$taken"; done
load_settings
require_place
require gcLoginURL clientId clientSecret
system='Genesys Cloud' address=gcLoginURL credential='the client in clientId and clientSecret'

begin POST "$gcLoginURL/oauth/token"
basic "$clientId" "$clientSecret"
header Content-Type application/x-www-form-urlencoded
form_field grant_type client_credentials
send
keep_token access_token
