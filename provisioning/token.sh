# What an OAuth token's answer is used for. Sourced by the scripts that get one.
# shellcheck shell=sh

. "$here/lib.sh"

print_token=no

# One option more than the common ones.
token_option() {
  taken=1
  if [ "$1" = --print ]; then print_token=yes; else common_option "$@"; fi
}

# A token that would go nowhere is not asked for.
require_place() {
  [ -n "$env_file" ] || [ "$print_token" = yes ] || [ "$dry_run" = yes ] ||
    fail "$wrong_use" "say where the token goes: --env-file FILE saves it there, --print writes it to the terminal."
}

# keep_token NAME
keep_token() {
  check_answer
  [ "$dry_run" = no ] || return 0
  flatten || not_ours
  token=$(json_text /access_token)
  [ -n "$token" ] || fail "$not_understood" "$system answered without an access_token. Check $address."
  [ "$print_token" = no ] || say "$token"
  [ -n "$env_file" ] || return 0
  save_value "$env_file" "$1" "$token"
  note "$1 is in $env_file, good for $(json_text /expires_in) seconds."
}
