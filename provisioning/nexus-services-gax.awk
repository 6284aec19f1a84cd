# Merges options into a transaction as Genesys Administrator Extension has it. Input: lines `wanted`, section, key and the three as JSON,
# then the lines of json.awk for the array of objects; the first is taken. Everything not ours stays as it is and where it is.
BEGIN { veil = ENVIRON["veil"] == "yes" }

$1 == "wanted" {
  name = $2 SUBSEP $3
  wanted[name] = $6
  order[++wants] = name
  added[name] = "{\"section\":" $4 ",\"key\":" $5 ",\"value\":" veiled($3, $6) "}"
  next
}

{ raw[$1] = $2; text[$1] = $3; path[++paths] = $1 }

END {
  list = merged_list()
  for (at = 1; at <= paths; at++) if (is_member(path[at], "/0/")) {
    key = key_of(path[at], "/0/")
    out = out (out == "" ? "" : ",") "\"" key "\":" (key == "userproperties" ? merged_annex(list) : raw[path[at]])
  }
  if (!("/0/userproperties" in raw)) out = out ",\"userproperties\":{\"property\":" list "}"
  print "{" out "}"
}

function merged_annex(list,   at, key, out) {
  for (at = 1; at <= paths; at++) if (is_member(path[at], "/0/userproperties/")) {
    key = key_of(path[at], "/0/userproperties/")
    out = out (out == "" ? "" : ",") "\"" key "\":" (key == "property" ? list : raw[path[at]])
  }
  if (!("/0/userproperties/property" in raw)) out = out (out == "" ? "" : ",") "\"property\":" list
  return "{" out "}"
}

function merged_list(   at, item, name, out) {
  for (at = 0; ("/0/userproperties/property/" at) in raw; at++) {
    item = "/0/userproperties/property/" at
    name = text[item "/section"] SUBSEP text[item "/key"]
    out = out (out == "" ? "" : ",") with_value(item "/", veiled(text[item "/key"], name in wanted ? wanted[name] : raw[item "/value"]))
    seen[name] = 1
  }
  for (at = 1; at <= wants; at++) if (!(order[at] in seen)) out = out (out == "" ? "" : ",") added[order[at]]
  return "[" out "]"
}

function with_value(item, value,   at, key, out) {
  for (at = 1; at <= paths; at++) if (is_member(path[at], item)) {
    key = key_of(path[at], item)
    out = out (out == "" ? "" : ",") "\"" key "\":" (key == "value" ? value : raw[path[at]])
  }
  return "{" out "}"
}

# Fixed headers and what is called a secret are not shown.
function veiled(key, value) { return veil && tolower(key) ~ /^header:|pass|secret|token|key$/ ? "\"********\"" : value }

function is_member(path, parent) { return index(path, parent) == 1 && path != parent && substr(path, length(parent) + 1) !~ /\// }

function key_of(path, parent,   key) {
  key = substr(path, length(parent) + 1)
  gsub(/~1/, "/", key)
  gsub(/~0/, "~", key)
  return key
}
