#!/bin/sh
# The service `PorticoSMS`: SMS through Genesys Cloud.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/nexus.sh"

usage() {
  cat <<'END'
service-portico.sh [options]
Creates the service PorticoSMS: where Digital Channels finds the SMS of Genesys Cloud.

Values: nexusURL (or baseURL), ccid, apiKey (or apikey), gcAPIURL
END
}

while [ $# -gt 0 ]; do common_option "$@"; shift "$taken"; done
load_settings
require nexusURL ccid apiKey gcAPIURL

put_service PorticoSMS "{\"url\":$(json_string "$gcAPIURL"),\"secret\":{},\"data\":{}}"
