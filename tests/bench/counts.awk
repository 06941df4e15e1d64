# What spamsource counted in a log, as lines of genlog's truth file (see gen_truth.c): reads "dump
# events", "dump evidence", "-f json" or the text report.  -v view=event|evidence|report|text
BEGIN { OFS = "\t" }

# The words of a line of a dump that tell kinds of lines apart.
function kind(from, keys,	i, text) {
	text = ""
	for (i = from; i <= NF; i++)
		if ($i ~ keys)
			text = text " " $i
	return text
}

function value(key,	i) {
	for (i = 4; i <= NF; i++)
		if (index($i, key "=") == 1)
			return substr($i, length(key) + 2)
	return ""
}

view == "event" {
	n["event", $4 kind(5, "^(reason|action|phase|sign|status|agent)=|^[+]spam$")]++
	if ($4 == "dnsbl")
		n["zone on", value("zone")]++
	else if ($4 == "reject" && value("reason") == "dnsbl")
		n["zone by", value("zone")]++
}

view == "evidence" && $3 != "sign" {
	n["evidence", $3 kind(4, "^(stage|direction|action|by)=")]++
	source = value("source")
	if (source in known)
		next
	known[source] = 1
	if (source ~ /^ip:/)
		n["evidence", "distinct clients"]++
	else if (source ~ /^account:/)
		n["evidence", "distinct accounts"]++
}

view == "text" || view == "report" { whole = whole " " $0 }

# A number or text of the report, at its path: "totals.spam.attempts".
function take(path, v,	at) {
	split(path, at, ".")
	if (path in name)
		n["report", name[path]] = v
	if (path == "totals.spam.attempts" || path == "totals.ham")
		n["report", "spam and ham"] += v
	if (path ~ /^totals[.]attempts[.].*[.]stages[.].*[.]lower$/)
		n["report", "spam at " at[5]] += v
	else if (path ~ /^dnsbl[.]refused[.]/)
		n["report", "spam refused by dnsbl"] += v
	else if (path ~ /^timeline[.]slots[.][0-9]+[.]start$/)
		day = substr(v, 2, 10)
	else if (path ~ /^timeline[.]slots[.]/)
		n["report", "spam on " day] += v
}

# JSON of the shape that the program writes.
function walk(s,	depth, token, key, path, is_key) {
	depth = 0
	path[0] = ""
	while (match(s, /"([^"\\]|\\.)*"|[][{},:]|[^][{},:" \t]+/)) {
		token = substr(s, RSTART, RLENGTH)
		s = substr(s, RSTART + RLENGTH)
		if (token == "{" || token == "[") {
			list[++depth] = token == "["
			path[depth] = path[depth - 1] (depth > 1 ? key[depth - 1] "." : "")
			key[depth] = 0
			is_key = token == "{"
		} else if (token == "}" || token == "]") {
			depth--
		} else if (token == ",") {
			is_key = !list[depth]
			if (list[depth])
				key[depth]++
		} else if (token == ":") {
			is_key = 0
		} else if (is_key) {
			key[depth] = substr(token, 2, length(token) - 2)
		} else {
			take(path[depth] key[depth], token)
		}
	}
}

END {
	if (view == "report") {
		name["input.lines.read"] = "lines read"
		name["input.lines.recognised"] = "lines recognised"
		name["input.messages.total"] = "messages"
		name["input.messages.complete"] = "messages complete"
		name["input.attempts"] = "attempts"
		name["totals.login_failures"] = "login failures"
		name["totals.relay_probes"] = "relay probes"
		name["totals.suspected"] = "suspected"
		name["totals.ham"] = "ham"
		name["totals.spam.attempts"] = "spam"
		name["totals.spam.accepted"] = "spam accepted"
		name["totals.spam.sources"] = "spam sources"
		walk(whole)
	}
	if (view == "text" && match(whole, /[0-9,]+ +retries not counted/)) {
		retries = substr(whole, RSTART, RLENGTH)
		gsub(/[^0-9]/, "", retries)
		n["text", "retries"] = retries
	}
	for (k in n) {
		split(k, two, SUBSEP)
		if (n[k] != 0)
			print two[1], two[2], n[k]
	}
}
