#!/bin/sh
# Orders one toll-free number. An order costs money: it is never sent twice.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/genesys-cloud.sh"

usage() {
  cat <<'END'
gc-number-order.sh --accept-cost [--orders FOLDER] [options]
Orders the toll-free number in tfn. It costs money, at once and every month.

Values: gcAPIURL, access_token, tfn, nexusURL (or baseURL), ccid, GMAKey (the cluster API key; apikey when it is not given),
  orderEmail: whom Genesys Customer Care asks; orderComment: who you are, like: Nexus Premise ACME Corp
  --accept-cost     you may order this
  --orders FOLDER   where each order is noted before it is sent (./toll-free-orders). An order without an answer is not sent again
END
}

accepted=no
orders=toll-free-orders
while [ $# -gt 0 ]; do
  case $1 in
    --accept-cost) accepted=yes; shift ;;
    --orders) need_word "$@"; orders=$2; shift 2 ;;
    *) common_option "$@"; shift "$taken" ;;
  esac
done
load_settings
require gcAPIURL access_token tfn nexusURL ccid GMAKey orderEmail orderComment
check_number tfn
order=$orders/$tfn

stop_unanswered() {
  fail "$unanswered" "the order of $tfn was sent and its answer is not known. It is NOT sent again: look with gc-numbers.sh and ask Genesys.
If it was certainly not taken, remove $order and run $script again."
}

no_answer() { stop_unanswered; }

refuse_second_order() {
  [ -f "$order" ] || return 0
  read -r word order_id <"$order" || :
  [ "$word" = ordered ] || stop_unanswered
  say "$tfn was ordered before: order $order_id. Its state: gc-order.sh $order_id"
  exit 0
}

refuse_own_number() {
  read_cloud "$numbers_path/"
  printf '%s\n' "$flat" | number=$tfn awk -F '\t' '$1 ~ /\/tollfreeNumber$/ { sub(/^\+/, "", $3); if ($3 "" == ENVIRON["number"] "") found = 1 } END { exit !found }' || return 0
  say "$tfn is the organization's already."
  exit 0
}

# Only one of several runs at once gets past this.
note_start() {
  mkdir -p "$orders" 2>/dev/null || fail "$not_written" "the folder $orders can't be made. Say another with --orders."
  (set -C; printf 'started %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$order") 2>/dev/null || {
    refuse_second_order
    fail "$not_written" "$order can't be written. Say another folder with --orders."
  }
  sync
}

if [ "$dry_run" = no ]; then
  refuse_second_order
  [ "$accepted" = yes ] || fail "$held_back" "ordering $tfn costs money, at once and every month. If you may, add --accept-cost."
  refuse_own_number
fi

begin POST "$gcAPIURL$numbers_path/"
bearer "$access_token"
json_body "[{\"tollfreeNumber\":\"$tfn\",\"comment\":$(json_string "$orderComment"),\"moUrl\":$(json_string "$nexusURL/nexus/v3/sms/message"),\"drUrl\":$(json_string "$nexusURL/nexus/v3/sms/receipt"),\"webhookUsername\":$(json_string "$ccid"),\"webhookPassword\":$(json_secret "$GMAKey"),\"emailAddress\":$(json_string "$orderEmail")}]"
if [ "$dry_run" = yes ]; then
  send
  exit 0
fi
note_start
perform
if was_not_sent; then rm -f "$order"; fi
check_sent
case $status in
  2??) ;;
  408 | 5??) stop_unanswered ;;
  *) rm -f "$order" ;;
esac
check_answer
flatten || stop_unanswered
order_id=$(json_text /id)
[ -n "$order_id" ] || order_id=$(json_text /orderId)
[ -n "$order_id" ] || order_id='(no id in the answer)'
printf 'ordered %s\n' "$order_id" >"$order.new" && mv -f "$order.new" "$order"
say "$tfn: ordered, order $order_id. Its state: gc-order.sh $order_id"
