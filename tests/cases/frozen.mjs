// What the frozen set of the lab promises (fixtures/lab/README.md), read from its files alone:
// enough scenarios and events, every class from both MTAs and each vantage, enough ham, and a truth
// whose keys stand in the logs. How often the program is right is not asked here.
// usage: node frozen.mjs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const frozen = resolve(dirname(fileURLToPath(import.meta.url)), "../../fixtures/lab/frozen");
const classes = ["zombie", "misconfigured", "compromised"];
let passed = 0, failed = 0;

function check(what, ok, detail = "") {
	if (!ok)
		console.log(`FAIL frozen: ${what} ${detail}`);
	ok ? passed++ : failed++;
}

function table(name) {
	const [head, ...rows] = readFileSync(join(frozen, name), "utf8").split("\n")
		.filter(Boolean).map((l) => l.split("\t"));
	return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i] ?? ""])));
}

const text = (host) => readdirSync(join(frozen, host)).map((f) => execFileSync("zstd",
	["-dcq", join(frozen, host, f)], { encoding: "latin1", maxBuffer: 1 << 28 })).join("");

// Does the log say more of a client than that it is listed: a name, or what kind of machine it is?
const KIND = new RegExp("127\\.0\\.0\\.1[01]\\b|127\\.0\\.0\\.36|dyna\\.spamrats|PREGREET|pipelining|" +
	"synchronization|non-SMTP|BARE NEWLINE|RCVD_IN_PBL|PHP_", "i");
const speaks = (ip) => {
	const at = ip.replaceAll(".", "\\.");
	const named = new RegExp(`(?<=\\w)(?<!unknown)\\[${at}\\]|address ${at}\\b|helo=<[^>]*\\d[^>]*\\.`);
	return (line) => KIND.test(line) || named.test(line) ||
		/ H=(?:[\w.-]+\.[\w.-]+|\([\w-]*\d[\w.-]*\.[\w.-]+\)) /.test(line);
};
const SPAM = /spamd: result: Y .*?mid=<([^>]*)>|(?:Blocked|Passed) SPAM.*?Message-ID: <([^>]*)>/g;

const truth = table("truth.tsv"), hosts = table("hosts.tsv"), scenarios = table("scenarios.tsv");
const of = (host) => hosts.find((h) => h.host === host);
const bytes = readdirSync(frozen, { recursive: true })
	.reduce((n, f) => n + statSync(join(frozen, f)).size, 0);

check("columns", Object.keys(truth[0]).join(" ") ===
	"host queue_id message_id client_ip account time class decidable scenario note");
check("at least 6,000 events", truth.length >= 6000, `${truth.length}`);
check("at most 5 MB", bytes <= 5 << 20, `${bytes}`);
for (const recording of ["1", "2"]) {
	const some = scenarios.filter((s) => s.recording === recording);
	const rows = truth.filter((r) => of(r.host).recording === recording);
	check(`recording ${recording}: at least 24 scenarios`, some.length >= 24, `${some.length}`);
	check(`recording ${recording}: at least 40 % ham or undecidable`, rows.filter((r) =>
		r.class === "ham" || r.decidable === "no").length >= 0.4 * rows.length);
	check(`recording ${recording}: its scenarios are on its hosts only`, some.every((s) =>
		s.hosts.split(" ").every((h) => of(h).recording === recording)));
}
check("values", truth.every((r) => [...classes, "ham"].includes(r.class) &&
	["yes", "no"].includes(r.decidable) && of(r.host) && (r.decidable === "yes" || r.note) &&
	/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(r.time)));
for (const c of classes)
	for (const recording of ["1", "2"]) {
		const some = truth.filter((r) => r.class === c && r.decidable === "yes")
			.map((r) => of(r.host)).filter((h) => h.recording === recording);
		const where = `in recording ${recording}`;
		for (const mta of ["postfix", "exim"])
			check(`${c} from ${mta} ${where}`, some.some((h) => h.mta === mta));
		for (const vantage of ["receiving", "submission", "campus"])
			check(`${c} at ${vantage} ${where}`, some.some((h) => h.vantage === vantage));
		for (const half of ["a", "b"])
			check(`${c} in half ${half} ${where}`, scenarios.some((s) => s.half === half &&
				s.recording === recording && Number(s[c]) >= 20));
	}
check("halves by SHA-256", scenarios.every((s) => s.half ===
	"ab"[createHash("sha256").update(s.scenario).digest()[0] & 1]));
for (const { host } of hosts) {
	const log = text(host), rows = truth.filter((r) => r.host === host);
	const lost = rows.filter((r) => [r.queue_id, r.message_id].some((k) => k && !log.includes(k)) ||
		!(r.queue_id || r.message_id || log.includes(r.client_ip)));
	check(`${host}: the keys of its ${rows.length} rows are in its logs`,
		rows.length > 0 && lost.length === 0, JSON.stringify(lost[0] ?? ""));
	const byClient = new Map(), flagged = new Set();
	for (const line of log.split("\n"))
		for (const m of line.matchAll(/\[([\d.]{7,15})\]|\baddr(?:ess)? ([\d.]{7,15})|mid=<([^>]+)>/g)) {
			const key = m[1] ?? m[2] ?? m[3];
			byClient.set(key, [...byClient.get(key) ?? [], line]);
		}
	for (const m of log.matchAll(SPAM))
		flagged.add(m[1] ?? m[2]);
	const mute = rows.filter((r) => r.decidable === "yes" && !r.queue_id && r.client_ip.includes(".") &&
		["zombie", "misconfigured"].includes(r.class) &&
		![r.client_ip, r.message_id].some((k) =>
			(byClient.get(k) ?? []).some(speaks(r.client_ip))));
	check(`${host}: of nobody it says only that he is listed`, !mute.length, JSON.stringify(mute[0]));
	const blamed = rows.filter((r) => r.class === "ham" && r.decidable === "yes" &&
		flagged.has(r.message_id));
	check(`${host}: no filter calls its ham spam`, !blamed.length, JSON.stringify(blamed[0]));
	const ids = rows.map((r) => r.queue_id).filter(Boolean);
	check(`${host}: no queue id twice`, new Set(ids).size === ids.length);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
