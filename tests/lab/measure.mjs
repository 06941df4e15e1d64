// How right is the program on the lab's frozen logs?  Part of make check, and of make ablation.
// usage: [SPAMSOURCE=PROGRAM] [UPDATE=1] node measure.mjs [ablation]
//
// spamsource evaluate runs over each host of fixtures/lab/frozen; what it says of the scenarios is
// summed by half (a: rules may be tuned on it, b: for measuring; fixtures/lab/README.md). The table
// must be expect.txt to the letter (UPDATE=1 writes it), and hosts renamed, the clock set back by a
// year, and logs cut in two and given in another order must change nothing.
// "ablation" prints the table once for each group of evidence that is taken away, without all
// DNS lists, without the content filter's lines, and with wrong labels; expect-ablation.txt.
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
const halfOf = new Map(tsv(join(frozen, "scenarios.tsv")).slice(1).map((r) => [r[0], r[1]]));

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

function table(name, options) {
	const half = { a: empty(), b: empty() }, sources = empty(), bins = [];
	const base = {};
	for (const host of hosts) {
		const result = evaluate(host, typeof options === "function" ? options(host) : options);
		for (const part of result.scenarios)
			add(half[halfOf.get(part.name)], part.matrix);
		add(sources, result.sources.matrix);
		bins.push(...result.calibration.bins);
		for (const [way, r] of Object.entries(result.baselines))
			add(base[way] ??= empty(), r.matrix);
	}
	const off = bins.reduce((s, b) => s + b.verdicts * Math.abs(b.confidence - b.right), 0);
	return { a: line(`${name}, half a`, half.a), b: line(`${name}, half b`, half.b),
		sources: line("sources, both halves", sources), half,
		ece: off / bins.reduce((s, b) => s + b.verdicts, 0),
		base: Object.entries(base).map(([way, m]) => line(way.replaceAll("_", " "), m)) };
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

function measure() {
	const t = table("spamsource", {});
	golden("expect.txt", [HEAD, t.a, t.b, t.sources, ...t.base,
		`ECE ${t.ece.toFixed(3)} (mean over the hosts' bins)`]);
	invariances();
}

function ablation() {
	const lines = [HEAD], show = (name, options) => {
		const t = table(name, options);
		lines.push(t.a, t.b);
	};
	show("everything", {});
	for (const group of groups())
		show(`no ${group}`, without((g) => g === group));
	show("no DNS list", without((g) => g.startsWith("bl.")));
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
