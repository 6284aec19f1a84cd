# `nexus-services.sh --gax`: the transaction is read, our options are merged in, and the whole object is written back.
# Genesys does not document these calls; public clients make them. Sourced by nexus-services.sh.
# shellcheck shell=sh

system='Genesys Administrator Extension'
address=gaxURL
credential='the user in gaxUser and gaxPassword'

gax_login() {
  begin POST "$gaxURL/gax/api/session/login"
  json_body "{\"username\":$(json_string "$gaxUser"),\"password\":$(json_string "$gaxPassword"),\"isPasswordEncrypted\":false}"
  config="$config${newline}include"
  perform
  check_sent
  cookies=$(printf '%s\n' "$answer" | awk '{ sub(/\r$/, "") } $0 == "" { exit }
    tolower($0) ~ /^set-cookie:/ { sub(/^[^:]*:[ \t]*/, ""); sub(/;.*/, ""); all = all (all == "" ? "" : "; ") $0 } END { print all }')
  answer=${answer##*"$(printf '\r\n\r')$newline"}
  check_answer
  [ -n "$cookies" ] || fail "$not_allowed" "$system logged in without a session. Its version may want an encrypted password: use --cfg."
}

gax_read() {
  begin GET "$gaxURL/gax/api/cfg/objects?brief=false&type=CfgTransaction&name=NexusServices"
  secret_header Cookie "$cookies"
  send
  check_answer
  flatten || not_ours
  dbid=$(json_text /0/dbid)
  [ -n "$dbid" ] || fail "$not_there" "$system has no transaction NexusServices. It comes with the tenant's set-up."
  [ -z "$(json_raw /1)" ] || fail "$held_back" "there are several transactions NexusServices, of several tenants. Use --cfg and import it into the right one."
  case $(json_raw /0/userproperties/property) in '['* | '') ;; *) fail "$not_understood" "the options of NexusServices come in a form not known here. Use --cfg." ;; esac
}

# The object with our options in it; `veil=yes` masks what may be a secret, for a dry run.
gax_merged() {
  {
    printf '%s' "$wanted" | while IFS='	' read -r in_section key value; do
      printf 'wanted\t%s\t%s\t%s\t%s\t%s\n' "$in_section" "$key" "$(json_string "$in_section")" "$(json_string "$key")" "$(json_string "$value")"
    done
    printf '%s\n' "$flat"
  } | veil=$1 awk -F '\t' -f "$here/nexus-services-gax.awk"
}

gax_leading() {
  printf '%s\n' "$flat" | awk -F '\t' '
    { text[$1] = $3 }
    END {
      for (at = 0; (item = "/0/userproperties/property/" at "/") "key" in text; at++)
        if (text[item "key"] == "channelType") type[text[item "section"]] = text[item "value"]
      for (at = 0; (item = "/0/userproperties/property/" at "/") "key" in text; at++)
        if (text[item "key"] == "channelId" && text[item "value"] != "") print text[item "section"] "\t" text[item "value"] "\t" type[text[item "section"]]
    }'
}

require gaxURL gaxUser gaxPassword
gax_login
gax_read
before=$(json_raw /0)
merged=$(gax_merged no)
if [ "$merged" = "$before" ]; then
  say 'NexusServices: already so.'
  exit 0
fi
gax_leading | refuse_others
[ "$dry_run" = yes ] || keep_backup
begin PUT "$gaxURL/gax/api/cfg/objects/CfgTransaction/$(url_part "$dbid")"
if [ "$dry_run" = yes ]; then json_body "$(gax_merged yes)"; else json_body "$merged"; fi
secret_header Cookie "$cookies"
send
check_answer
[ "$dry_run" = no ] || exit 0
gax_read
[ "$(gax_merged no)" = "$(json_raw /0)" ] || fail "$not_understood" "NexusServices was written and reads back differently. Compare it in Platform Administration with $backup."
say "NexusServices: $section written. What stood before is in $backup."
