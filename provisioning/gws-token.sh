#!/bin/sh
# A token of the Genesys authentication service, for API keys of Digital Channels.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/token.sh"

usage() {
  cat <<'END'
gws-token.sh [--print] [options]
Gets a token of the authentication service (gauth) and saves it as gwsToken in the env file.

Values: authURL, gwsUser, gwsPassword, gwsClientSecret, gwsClientId (external_api_client when it is not given)
  --print           write the token to the terminal
END
}

while [ $# -gt 0 ]; do token_option "$@"; shift "$taken"; done
load_settings
require_place
: "${gwsClientId:=external_api_client}"
require authURL gwsUser gwsPassword gwsClientSecret
system='the authentication service' address=authURL credential='the client or user in gwsClientId, gwsClientSecret, gwsUser and gwsPassword'

begin POST "$authURL/auth/v3/oauth/token"
basic "$gwsClientId" "$gwsClientSecret"
header Content-Type application/x-www-form-urlencoded
form_field username "$gwsUser"
form_field client_id "$gwsClientId"
form_field grant_type password
form_field password "$gwsPassword" "$mask"
send
keep_token gwsToken
