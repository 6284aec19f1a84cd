#!/bin/sh
# The service `mGageSMS`: the tenant's account at Kaleyra.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/nexus.sh"

usage() {
  cat <<'END'
service-mgage.sh [options]
Creates the service mGageSMS: the tenant's account at Kaleyra. Run service-sms.sh --provider mGage beside it.

Values: nexusURL (or baseURL), ccid, apiKey (or apikey), kaleyraURL, kaleyraUserName, kaleyraPassword
END
}

while [ $# -gt 0 ]; do common_option "$@"; shift "$taken"; done
load_settings
require nexusURL ccid apiKey kaleyraURL kaleyraUserName kaleyraPassword

put_service mGageSMS "{\"url\":$(json_string "$kaleyraURL"),\"data\":{},\"secret\":{\"username\":$(json_string "$kaleyraUserName"),\"password\":$(json_secret "$kaleyraPassword")}}"
