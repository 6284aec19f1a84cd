#!/bin/sh
# The state of an order of Genesys Cloud.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/genesys-cloud.sh"

usage() {
  cat <<'END'
gc-order.sh ORDERID [options]
Tells the state of an order that gc-number-order.sh made.

Values: gcAPIURL, access_token (gc-token.sh gets it)
END
}

order_id=''
while [ $# -gt 0 ]; do
  case $1 in
    -*) common_option "$@"; shift "$taken" ;;
    *) [ -z "$order_id" ] || fail "$wrong_use" "one order at a time. Try $script --help."; order_id=$1; shift ;;
  esac
done
[ -n "$order_id" ] || fail "$wrong_use" "which order? Try $script --help."
load_settings
require gcAPIURL access_token

read_cloud "/api/v2/messaging/sms/provisioning/orders/$(url_part "$order_id")"
state=$(json_text /orderStatus)
[ -n "$state" ] || fail "$not_understood" "the answer names no orderStatus. Look in Genesys Cloud, or ask Genesys."
say "$order_id: $state"
