// How right is the program on the lab's frozen logs?  Part of make check, and of make ablation.
// usage: [SPAMSOURCE=PROGRAM] [UPDATE=1] node measure.mjs [ablation]
//
// spamsource evaluate runs over each host of fixtures/lab/frozen; what it says of the scenarios is
// summed by recording (1, and 2: later, of scenarios that nobody tuned on) and half (a: rules may be
// tuned on it, b: for measuring; fixtures/lab/README.md). The table must be expect.txt to the letter
// (UPDATE=1 writes it), that of each scenario expect-scenarios.txt; and hosts renamed, the clock set
// back by a year, and logs cut in two and given in another order must change nothing.
// "ablation" prints the table once for each group of evidence that is taken away, without all
// DNS lists, while the lists' answers are missing or errors, without the content filter's lines,
// and with wrong labels; expect-ablation.txt.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url)), top = resolve(here, "../..");
const frozen = join(top, "fixtures/lab/frozen"), rules = join(top, "rules");
const program = resolve(process.env.SPAMSOURCE ?? join(top, "spamsource"));
const work = mkdtempSync(join(tmpdir(), "spamsource-lab."));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

const IS = ["zombie", "misconfigured", "compromised_own", "compromised_elsewhere", "ham",
	"undecidable"], VERDICTS = IS.slice(0, 4);
const hosts = readdirSync(frozen, { withFileTypes: true }).filter((d) => d.isDirectory())
	.map((d) => d.name).sort();
const logsOf = (host) => readdirSync(join(frozen, host)).sort().map((f) => join(frozen, host, f));
const tsv = (path) => readFileSync(path, "utf8").split("\n").filter(Boolean)
	.map((l) => l.split("\t"));
const scenarios = new Map(tsv(join(frozen, "scenarios.tsv")).slice(1)
	.map((r) => [r[0], { half: r[1], recording: r.at(-1) }]));
const recordingOf = new Map(tsv(join(frozen, "hosts.tsv")).slice(1).map((r) => [r[0], r.at(-1)]));

function run(args) {
	return execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28,
		stdio: ["ignore", "pipe", "pipe"] });
}

function evaluate(host, { logs = logsOf(host), truth = join(frozen, "truth.tsv"), name = host,
	options = [], now = "2026-12-31T00:00:00Z" } = {}) {
	return JSON.parse(run(["evaluate", "--truth", truth, "--tz", "UTC", "--host", name, "--now",
		now, "-f", "json", ...options, ...logs]));
}

const empty = () => Object.fromEntries(IS.map((i) => [i, {}]));
function add(to, matrix) {
	for (const [is, said] of Object.entries(matrix))
		for (const [s, n] of Object.entries(said))
			to[is][s] = (to[is][s] ?? 0) + n;
}
const sum = (o) => Object.values(o).reduce((a, b) => a + b, 0);
const classOf = (x) => x.split("_")[0];

// [part, all] of what the issue asks for.
function measures(m) {
	const said = (s, rows) => rows.reduce((n, i) => n + (m[i][s] ?? 0), 0);
	const precision = (s) => [said(s, VERDICTS.filter((i) => classOf(i) === classOf(s))),
		said(s, IS.slice(0, 5))];
	const verdicts = (i) => VERDICTS.reduce((n, s) => n + (m[i][s] ?? 0), 0);
	const spam = VERDICTS.reduce((n, i) => n + sum(m[i]), 0);
	const undecidable = sum(m.undecidable);
	return [...VERDICTS.map(precision),
		[VERDICTS.reduce((n, i) => n + verdicts(i), 0), spam],
		[verdicts("ham"), sum(m.ham)], [undecidable - verdicts("undecidable"), undecidable]];
}

const percent = ([part, all]) => (all ? (100 * part / all).toFixed(1) : "-").padStart(6);
const HEAD = "                              zombie misconf.  own elsewh.  covers  ham accused  left";
const line = (name, m) => {
	const [z, mi, own, els, covers, ham, left] = measures(m);
	return name.padEnd(30) + percent(z) + percent(mi).padStart(9) + percent(own) +
		percent(els).padStart(8) + percent(covers).padStart(8) +
		`${percent(ham)} (${ham[0]})`.padStart(13) + percent(left);
};

// What is said of all hosts: matrices by scenario, of the sources and of the baselines.
function judge(options) {
	const scenario = new Map(), of = (r) => ({ sources: empty(), bins: [], base: {} });
	const recording = { 1: of(), 2: of() };
	for (const host of hosts) {
		const result = evaluate(host, typeof options === "function" ? options(host) : options);
		const to = recording[recordingOf.get(host)];
		for (const part of result.scenarios) {
			if (!scenario.has(part.name))
				scenario.set(part.name, empty());
			add(scenario.get(part.name), part.matrix);
		}
		add(to.sources, result.sources.matrix);
		to.bins.push(...result.calibration.bins);
		for (const [way, r] of Object.entries(result.baselines))
			add(to.base[way] ??= empty(), r.matrix);
	}
	return { scenario, recording };
}

function part(judged, recording, half) {
	const m = empty();
	for (const [name, matrix] of judged.scenario) {
		const s = scenarios.get(name);
		if (s.recording === recording && s.half === half)
			add(m, matrix);
	}
	return m;
}

// Rows that are undecidable for what the log leaves out; "strict" counts them as if it told.
const HARD = /the filter took it for spam|no word on its kind/;
const PARTS = [["1", "a"], ["1", "b"], ["2", "a"], ["2", "b"]];
const table = (name, options) => {
	const judged = judge(options);
	return PARTS.map(([r, h]) => line(`${name}, ${r}${h}`, part(judged, r, h)));
};

function ece(bins) {
	const off = bins.reduce((s, b) => s + b.verdicts * Math.abs(b.confidence - b.right), 0);
	return off / bins.reduce((s, b) => s + b.verdicts, 0);
}

// Wilson's 95 % limits of the same shares.
function limits(name, m) {
	const z = 1.96, limit = (part, all, way) => (part / all + z * z / (2 * all) + way * z *
		Math.sqrt(part / all * (1 - part / all) / all + z * z / (4 * all * all))) / (1 + z * z / all);
	return name.padEnd(30) + measures(m).map(([part, all]) => (!all ? "-" : `${
		Math.max(0, 100 * limit(part, all, -1)).toFixed(1)}-${(100 * limit(part, all, 1)).toFixed(1)}`)
		.padStart(11)).join("");
}

const text = (log) => log.endsWith(".zst") ? execFileSync("zstd", ["-qdc", log],
	{ encoding: "latin1", maxBuffer: 1 << 28 }) : readFileSync(log, "latin1");

// A copy of the host's logs, changed line by line; null drops a line.
function changed(host, change, cut = false) {
	const dir = mkdtempSync(join(work, "logs."));
	const out = [];
	for (const log of logsOf(host)) {
		const lines = text(log).split("\n").map(change).filter((l) => l !== null);
		const at = cut ? lines.length >> 1 : lines.length;
		const name = join(dir, log.replace(/.*\//, "").replace(".zst", ""));
		writeFileSync(name, lines.slice(0, at).join("\n") + "\n", "latin1");
		out.push(name);
		if (at < lines.length) {
			writeFileSync(`${name}.0`, lines.slice(at).join("\n"), "latin1");
			out.push(`${name}.0`);
		}
	}
	return out;
}

function truthWith(change) {
	const path = join(mkdtempSync(join(work, "truth.")), "truth.tsv");
	const [head, ...rows] = tsv(join(frozen, "truth.tsv"));
	writeFileSync(path, [head, ...rows.map((r, i) => change(r, head, i))]
		.map((r) => r.join("\t")).join("\n") + "\n");
	return path;
}

// The rules with the groups' caps at 0: they no longer speak, nor anchor.
function without(test) {
	const dir = mkdtempSync(join(work, "rules."));
	for (const f of readdirSync(rules).filter((n) => n.endsWith(".yaml"))) {
		let body = readFileSync(join(rules, f), "utf8");
		if (f.startsWith("00-"))
			body = body.replace(/^    ([a-z.]+): \{cap: \d+/gm,
				(all, group) => test(group) ? `    ${group}: {cap: 0` : all);
		writeFileSync(join(dir, f), body);
	}
	return { options: ["--rules", dir] };
}

const groups = () => [...readFileSync(join(rules, "00-model.yaml"), "utf8")
	.matchAll(/^    ([a-z.]+): \{cap: [1-9]/gm)].map((x) => x[1]).filter((g) => g !== "end-user");

let failed = 0, passed = 0;
function check(good, what) {
	good ? passed++ : failed++;
	if (!good)
		console.log(`FAIL ${what}`);
}

function golden(name, lines) {
	const path = join(here, name), got = lines.join("\n") + "\n";
	if (process.env.UPDATE)
		writeFileSync(path, got);
	const good = existsSync(path) && readFileSync(path, "utf8") === got;
	if (!good)
		console.log(got);
	check(good, `the table is not ${path}`);
}

// What must not matter. All is compared but the mistakes' times and the bootstrap's limits, which
// draws sources in the order of their names.
function invariances() {
	const plain = (r) => JSON.stringify({ ...r, mistakes: 0 },
		(key, v) => (key === "bootstrap" ? undefined : v));
	const column = (head, name) => head.indexOf(name);
	const renamed = truthWith((r, h) => r.map((v, i) => i === column(h, "host") ? `n-${v}` : v));
	const older = truthWith((r, h) => r.map((v, i) => i === column(h, "time") ?
		v.replace("2026-", "2025-") : v));
	for (const host of hosts) {
		const want = plain(evaluate(host));
		const word = new RegExp(`(^\\S+ +\\d+ [\\d:]+ |^\\d{4}-\\S+T\\S+ )${host} `);
		check(plain(evaluate(host, { truth: renamed, name: `n-${host}`,
			logs: changed(host, (l) => l.replace(word, `$1n-${host} `)) })) === want,
		`${host}: another host name changes something`);
		check(plain(evaluate(host, { truth: older, now: "2025-12-31T00:00:00Z",
			logs: changed(host, (l) => l.replace(/^2026-/, "2025-")
				.replace(/^(\w+ \w+ +\d+ [\d:]+) 2026 /, "$1 2025 ")) })) === want,
		`${host}: another year changes something`);
		check(plain(evaluate(host, { logs: changed(host, (l) => l, true).reverse() })) === want,
			`${host}: cut in two and shuffled, the logs say something else`);
	}
}

const SCENARIO_HEAD = "recording, half, scenario                    spam  right  wrong   none   ham " +
	"accused undecidable  left";
function scenarioLine(name, m) {
	const { recording, half } = scenarios.get(name), n = (x, width) => String(x).padStart(width);
	const spam = VERDICTS.reduce((s, i) => s + sum(m[i]), 0);
	const given = VERDICTS.reduce((s, i) => s + VERDICTS.reduce((k, v) => k + (m[i][v] ?? 0), 0), 0);
	const right = VERDICTS.reduce((s, i) => s + VERDICTS.filter((v) => classOf(v) === classOf(i))
		.reduce((k, v) => k + (m[i][v] ?? 0), 0), 0);
	const [ham, left] = measures(m).slice(5);
	return `${recording}${half} ${name}`.padEnd(42) + n(spam, 7) + n(right, 7) + n(given - right, 7) +
		n(spam - given, 7) + n(ham[1], 6) + n(ham[0], 8) + n(left[1], 12) + n(left[0], 6);
}

function measure() {
	const judged = judge({}), lines = [HEAD], by = judged.recording;
	for (const [r, h] of PARTS)
		lines.push(line(`recording ${r}, half ${h}`, part(judged, r, h)));
	for (const r of ["1", "2"]) {
		lines.push("", HEAD, line(`recording ${r}, sources`, by[r].sources));
		for (const [way, m] of Object.entries(by[r].base))
			lines.push(line(way.replaceAll("_", " "), m));
		lines.push(`ECE ${ece(by[r].bins).toFixed(3)} (mean over the hosts' bins)`);
	}
	lines.push("", "95 % limits, as if all were independent (of sources: nearly so)");
	for (const [r, h] of PARTS)
		lines.push(limits(`recording ${r}, half ${h}`, part(judged, r, h)));
	for (const r of ["1", "2"])
		lines.push(limits(`recording ${r}, sources`, by[r].sources));
	lines.push("", HEAD);
	const strict = judge({ truth: truthWith((r, h) => HARD.test(r.at(-1)) ? r.map((v, i) =>
		h[i] === "decidable" ? "yes" : v) : r) });
	for (const [r, h] of PARTS)
		lines.push(line(`strict, recording ${r}, half ${h}`, part(strict, r, h)));
	golden("expect.txt", lines);
	golden("expect-scenarios.txt", [SCENARIO_HEAD, ...[...judged.scenario].map(([name, m]) =>
		scenarioLine(name, m)).sort()]);
	invariances();
}

function ablation() {
	const lines = [HEAD], show = (name, options) => lines.push(...table(name, options));
	show("everything", {});
	for (const group of groups())
		show(`no ${group}`, without((g) => g === group));
	show("no DNS list", without((g) => g.startsWith("bl.")));
	show("lists answer errors", (host) => ({ logs: changed(host, (l) =>
		/listed|dnslist|blocked using|found in /.test(l) ?
			l.replace(/\b127\.0\.0\.(?!1\b)\d+/g, "127.255.255.254")
				.replace(/(blocked using [\w.-]+); .*?(; from=|$)/,
					"$1; Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.53$2") :
			l) }));
	show("no filter's lines", (host) => ({ logs: changed(host, (l) =>
		/ (spamd|amavis)\[\d+\]: /.test(l) || /^\w+ \w+ .* \[\d+\] info: spamd: /.test(l) ? null : l)
		.filter((l) => !l.endsWith("spamd.log")) }));
	for (const every of [20, 10])
		show(`${100 / every} % wrong labels`, { truth: truthWith((r, h, i) => i % every ? r :
			r.map((v, k) => h[k] !== "class" ? v : v === "ham" ? "zombie" : v === "zombie" ?
				"misconfigured" : v === "misconfigured" ? "compromised" : "ham")) });
	golden("expect-ablation.txt", lines);
}

mkdirSync(work, { recursive: true });
process.argv[2] === "ablation" ? ablation() : measure();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
