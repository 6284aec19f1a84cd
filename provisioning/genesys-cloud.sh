# The toll-free numbers of Genesys Cloud ("Genesys SMS Aggregation"). Sourced by the gc-number scripts.
# shellcheck shell=sh

. "$here/lib.sh"

system='Genesys Cloud'
address=gcAPIURL
credential='the token in access_token (gc-token.sh gets a new one)'
numbers_path=/api/v2/messaging/sms/provisioning/tollfreenumbers

# read_cloud PATH: into `flat`.
read_cloud() {
  begin GET "$gcAPIURL$1"
  bearer "$access_token"
  send
  check_answer
  flatten || not_ours
}
