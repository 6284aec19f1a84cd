# Merges channels into the document of the service `Async`. Input: lines `wanted`, a channel's id and the same, its webhook's URL and its two secrets
# as JSON, then the lines of json.awk for what stands there. Output, a line each: `lost` and the id of a channel of others whose secrets are not told;
# `data`, `secret` and JSON; `more` and a member beside those two. Everything not ours stays as it is. Run with LC_ALL=C.
BEGIN {
  base = ENVIRON["base"]
  veil = ENVIRON["veil"] == "yes"
  mask = "\"********\""
  count = split(ENVIRON["drop"], names, "\n")
  while (count) dropped[names[count--]] = 1
}

$1 == "wanted" { id[++wants] = $2; name[wants] = $3; url[wants] = $4; webhook[wants] = veil ? mask : $5; api[wants] = veil ? mask : $6; ours[$2] = 1; next }

{ raw[$1] = $2; text[$1] = $3 "" }
match($1, "/[^/]*$") { parent = substr($1, 1, RSTART - 1); member[parent, ++members[parent]] = substr($1, RSTART + 1) }

END {
  index_channels("/data", data_at)
  index_channels("/secret", secret_at)
  for (at = 1; at <= wants; at++) add_own(at)
  for (at = 0; (base "/data/channels/" at) in raw; at++) add_other(base "/data/channels/" at)
  print "data\t" object(base "/data", "channels", "[" data "]")
  print "secret\t" (veil ? veiled(base "/secret") : object(base "/secret", "channels", "[" secret "]"))
  for (at = 1; at <= members[base]; at++) {
    key = member[base, at]
    if (key != "data" && key != "secret") print "more\t,\"" plain(key) "\":" (veil ? mask : raw[base "/" key])
  }
}

# Where each channel stands; of one that is there twice, the first.
function index_channels(part, found,   at, here) {
  for (at = 0; (base part "/channels/" at) in raw; at++) {
    here = base part "/channels/" at
    if (!(text[here "/channelId"] in found)) found[text[here "/channelId"]] = here
  }
}

function add_own(at,   here) {
  here = id[at] in data_at ? data_at[id[at]] : "none"
  data = joined(data, object(here, "channelId", standing(here, name[at]), "webhook", object(here "/webhook", "url", url[at])))
  here = id[at] in secret_at && !veil ? secret_at[id[at]] : "none"
  secret = joined(secret, object(here, "channelId", standing(here, name[at]), "webhook", object(here "/webhook", "secret", webhook[at]), "api", object(here "/api", "secret", api[at])))
}

function add_other(here,   channel, kept) {
  channel = text[here "/channelId"]
  if (channel in ours || channel in dropped) return
  kept = channel in secret_at ? secret_at[channel] : "none"
  if (!told(kept "/webhook/secret") || !told(kept "/api/secret")) { print "lost\t" channel; return }
  data = joined(data, raw[here])
  secret = joined(secret, veil ? "{\"kept\":" mask "}" : raw[kept])
}

function standing(here, otherwise) { return (here "/channelId") in raw ? raw[here "/channelId"] : otherwise }

# The object at a path with these members as given and all others as they are.
function object(path, a, a_value, b, b_value, c, c_value,   value, done, at, key, out) {
  value[a] = a_value
  if (b != "") value[b] = b_value
  if (c != "") value[c] = c_value
  for (at = 1; at <= members[path]; at++) {
    key = member[path, at]
    out = joined(out, "\"" plain(key) "\":" (key in value ? value[key] : raw[path "/" key]))
    done[key] = 1
  }
  if (!(a in done)) out = joined(out, "\"" a "\":" a_value)
  if (b != "" && !(b in done)) out = joined(out, "\"" b "\":" b_value)
  if (c != "" && !(c in done)) out = joined(out, "\"" c "\":" c_value)
  return "{" out "}"
}

# The secrets for a dry run: what else there is of them is not shown.
function veiled(path,   at, key, out) {
  out = "\"channels\":[" secret "]"
  for (at = 1; at <= members[path]; at++) if ((key = member[path, at]) != "channels") out = out ",\"" plain(key) "\":" mask
  return "{" out "}"
}

# Whether a secret is there and not masked: systems show stars, dots or nothing in its place.
function told(path,   shown) {
  shown = text[path]
  gsub("\342\200\242", "*", shown)
  return raw[path] ~ /^"/ && shown !~ /^[*.x]*$/
}

function joined(list, one) { return list (list == "" ? "" : ",") one }

function plain(key) { gsub(/~1/, "/", key); gsub(/~0/, "~", key); return key }
