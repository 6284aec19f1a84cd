#!/bin/sh
# The service `PurecloudIDP`: the tenant's organization in Genesys Cloud.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/nexus.sh"

usage() {
  cat <<'END'
service-purecloud-idp.sh [options]
Creates the service PurecloudIDP: by which client Digital Channels logs in to Genesys Cloud.
Run service-sms.sh --provider Purecloud and service-portico.sh beside it.

Values: nexusURL (or baseURL), ccid, apiKey (or apikey), gcLoginURL, clientId, clientSecret
END
}

while [ $# -gt 0 ]; do common_option "$@"; shift "$taken"; done
load_settings
require nexusURL ccid apiKey gcLoginURL clientId clientSecret

put_service PurecloudIDP "{\"url\":$(json_string "$gcLoginURL"),\"secret\":{\"clientId\":$(json_string "$clientId"),\"clientSecret\":$(json_secret "$clientSecret")},\"data\":{}}"
