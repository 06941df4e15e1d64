// Every event that the program finds in the logs of real daemons, against their truth.
// usage: [SPAMSOURCE=PROGRAM] [UPDATE=1] node run.mjs [CASE]...     part of make check
//
// For each fixtures/cases/NAME/ and fixtures/sample: -f jsonl over its logs, with the options of
// its file "options", else --tz UTC. An event belongs to the row of truth.tsv with its queue id;
// or its message-id within 600 s; or its client's address within 120 s: the nearest in time, a
// row for one event as far as there are enough rows. Wrong is: an event without a row, an event
// that was ham, a class that is neither the true one nor unattributed, and any count "truth>class"
// that differs from expect.tsv ("missed": a row of a spam class without event). UPDATE=1 writes
// expect.tsv anew: read the diff before you commit it.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const fixtures = resolve(here, "../../fixtures");
const program = resolve(process.env.SPAMSOURCE ?? resolve(here, "../../spamsource"));
const golden = join(here, "expect.tsv");
const NEAR_ID = 600, NEAR_IP = 120;
const noLog = new Set(["README", "truth.tsv", "options"]);

const lines = (path) => readFileSync(path, "utf8").split("\n").filter((l) => l !== "");

function truthOf(dir) {
	const [head, ...rows] = lines(join(dir, "truth.tsv")).map((l) => l.split("\t"));
	return rows.map((r) => {
		const row = Object.fromEntries(head.map((name, i) => [name, r[i] ?? ""]));
		return { ...row, ts: Date.parse(row.time) / 1000, used: false };
	});
}

function eventsOf(dir) {
	const options = existsSync(join(dir, "options")) ?
		readFileSync(join(dir, "options"), "utf8").split(/\s+/).filter(Boolean) : ["--tz", "UTC"];
	const logs = readdirSync(dir).filter((f) => !noLog.has(f)).sort().map((f) => join(dir, f));
	const out = execFileSync(program,
		["-f", "jsonl", "--now", "2026-12-31T00:00:00Z", ...options, ...logs],
		{ encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
	return out.split("\n").filter(Boolean).map((l) => JSON.parse(l));
}

// 0 by queue id, 1 by message-id, 2 by address; -1 not at all.
function agreement(event, row) {
	const away = Math.abs(event.ts - row.ts);
	if (row.queue_id && row.queue_id === event.queue_id)
		return 0;
	if (row.message_id && row.message_id === event.message_id && away <= NEAR_ID)
		return 1;
	return row.client_ip && row.client_ip === event.client_ip && away <= NEAR_IP ? 2 : -1;
}

// The row of each event, or undefined. Only its best kind of agreement counts for an event.
function match(events, rows) {
	const found = new Array(events.length), pairs = [];
	events.forEach((event, e) => {
		const near = rows.map((row, r) => ({ e, r, kind: agreement(event, row),
			away: Math.abs(event.ts - row.ts) })).filter((p) => p.kind >= 0);
		const best = Math.min(...near.map((p) => p.kind));
		pairs.push(...near.filter((p) => p.kind === best));
	});
	pairs.sort((a, b) => a.kind - b.kind || a.away - b.away || a.e - b.e || a.r - b.r);
	for (const again of [false, true])
		for (const { e, r } of pairs)
			if (!found[e] && (again || !rows[r].used)) {
				found[e] = rows[r];
				rows[r].used = true;
			}
	return found;
}

const what = (e) => [e.time, e.queue_id, e.client_ip, e.account, e.class, e.confidence,
	e.spam_by.join("+"), e.evidence.map((p) => p.id).join(",")].filter(Boolean).join(" ");

function check(dir, say) {
	const rows = truthOf(dir), events = eventsOf(dir), counts = new Map();
	const count = (key) => counts.set(key, (counts.get(key) ?? 0) + 1);
	match(events, rows).forEach((row, i) => {
		const event = events[i];
		if (!row)
			say(`no truth for: ${what(event)}`);
		else if (row.class === "ham")
			say(`ham called spam: ${what(event)}`);
		else if (event.class !== "unattributed" && event.class !== row.class)
			say(`${row.class} called ${event.class}: ${what(event)}`);
		count(`${row ? row.class : "none"}>${event.class}`);
	});
	rows.filter((r) => !r.used && r.class !== "ham").forEach((r) => count(`${r.class}>missed`));
	return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, n]) => `${key}\t${n}`);
}

function main() {
	const all = readdirSync(join(fixtures, "cases")).sort().map((n) => join(fixtures, "cases", n));
	const dirs = [...all, join(fixtures, "sample")].filter((d) => process.argv.length < 3 ||
		process.argv.slice(2).includes(basename(d)));
	const wanted = existsSync(golden) ? lines(golden) : [];
	const matrix = ["case\ttruth>class\tcount"];
	let failed = 0;
	for (const dir of dirs) {
		const name = basename(dir);
		let good = true, counts = [];
		const say = (text) => { good = false; console.log(`FAIL ${name}: ${text}`); };
		try {
			counts = check(dir, say).map((l) => `${name}\t${l}`);
		} catch (e) {
			say(e.stderr || e.message);
		}
		matrix.push(...counts);
		if (!process.env.UPDATE) {
			const expected = wanted.filter((l) => l.startsWith(`${name}\t`));
			expected.filter((l) => !counts.includes(l)).forEach((l) => say(`wanted ${l}`));
			counts.filter((l) => !expected.includes(l)).forEach((l) => say(`got ${l}`));
		}
		failed += good ? 0 : 1;
	}
	if (process.env.UPDATE && process.argv.length < 3)
		writeFileSync(golden, `${matrix.join("\n")}\n`);
	console.log(`${dirs.length - failed} passed, ${failed} failed`);
	process.exitCode = failed || !dirs.length ? 1 : 0;
}

main();
