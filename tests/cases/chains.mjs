// Real chains of daemons (issue "Every line in the wild"): Postfix + amavisd-new + spamd, Postfix +
// spamass-milter + spamd, Exim + spamd in its content ACL. On the frozen logs of the lab each mail
// is counted once, with its verdict, score and client; and no line of these logs is unknown.
// usage: [SPAMSOURCE=PROGRAM] node chains.mjs
//
// What is expected is read from the logs by the few regular expressions below and not by the
// program: they know only these chains and these daemons' versions. The program's view is "dump
// messages".
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const frozen = resolve(here, "../../fixtures/lab/frozen");
const program = resolve(process.env.SPAMSOURCE ?? resolve(here, "../../spamsource"));
const big = { encoding: "latin1", maxBuffer: 1 << 28 };

const logsOf = (host) => readdirSync(join(frozen, host)).sort().map((f) => join(frozen, host, f));
const linesOf = (host) => logsOf(host)
	.flatMap((f) => execFileSync("zstd", ["-dcq", f], big).split("\n"));

// "key=value" of the lines of dump messages; `kind` is the third word (mail, attempt, verdict).
function messagesOf(host) {
	const out = execFileSync(program, ["dump", "messages", "--tz", "UTC", "--now",
		"2026-12-31T00:00:00Z", "--host", host, ...logsOf(host)],
	{ ...big, stdio: ["ignore", "pipe", "pipe"] });
	return out.split("\n").filter(Boolean).map((line) => ({
		kind: line.split(" ")[3],
		...Object.fromEntries([...line.matchAll(/ (\w+)=("[^"]*"|\S+)/g)].map((m) => [m[1], m[2]])),
	}));
}

// amavisd and Exim print a score with its tenths, rounded; spamd cuts them off. Both stand in the
// log, and either is right.
const near = (a, b) => Math.abs(a - b) <= 1000;
// What is refused for its content is spam without further words.
const verdictOf = (m) => m.verdict ?? (m.reason === "content" ? "spam" : undefined);

// Mails that smtpd took from outside, by queue id: {client, id}.
function postfixMails(lines) {
	const mails = new Map();
	for (const line of lines) {
		let m = line.match(/postfix\/(?:\w+\/)?smtpd\[\d+\]: (\w+): client=[^[]*\[([^\]]+)\]/);
		if (m && m[2] !== "127.0.0.1")
			mails.set(m[1], { client: m[2] });
		m = line.match(/postfix\/cleanup\[\d+\]: (\w+): message-id=<([^>]*)>/);
		if (m && mails.has(m[1]))
			mails.get(m[1]).id = m[2];
	}
	return mails;
}

function amavis(lines) {
	const mails = postfixMails(lines);
	for (const line of lines) {
		const m = line.match(/amavis\[.* (?:Passed|Blocked) (\w+).* Queue-ID: (\w+),.* Hits: ([-\d.]+)/);
		if (m && mails.has(m[2])) {
			mails.get(m[2]).verdict = m[1].startsWith("SPAM") ? "spam" : "ham";
			mails.get(m[2]).score = Math.round(m[3] * 1000);
		}
	}
	return mails;
}

function milter(lines) {
	const mails = postfixMails(lines);
	const byId = new Map([...mails].map(([qid, mail]) => [mail.id, qid]));
	for (const line of lines) {
		const m = line.match(/spamd: result: ([Y.]) (-?\d+) - .*mid=<([^>]*)>/);
		if (m && byId.has(m[3])) {
			const mail = mails.get(byId.get(m[3]));
			mail.verdict = m[1] === "Y" ? "spam" : "ham";
			mail.score = Number(m[2]) * 1000;
		}
	}
	return mails;
}

// Only what the ACL says of spam: other mail leaves no line of a verdict in mainlog.
function exim(lines) {
	const said = /(?:rejected after DATA: spam score|message looks like spam: score=) ?([-\d.]+)/;
	const mails = new Map();
	for (const line of lines) {
		const m = line.match(said), at = line.match(/ (\w{6}-\w{6}-\w{2}) H=.*?\[([\d.a-f:]+)\](?::\d+)? /);
		if (m && at)
			mails.set(at[1], { client: at[2], verdict: "spam",
				score: Math.round(m[1] * 1000) });
	}
	return mails;
}

const chains = [["mxb", amavis], ["mx1", milter], ["unimail", milter], ["exim1", exim],
	["exim2", exim], ["hermes", amavis], ["mx-in-2", milter], ["dorf", milter], ["colibri", exim],
	["odin", exim]];
let passed = 0, failed = 0;
for (const [host, expectOf] of chains) {
	const expect = expectOf(linesOf(host)), wrong = [], got = new Map();
	// Refused recipients of a mail are attempts of their own, with its queue id.
	for (const m of messagesOf(host).filter((m) => m.qid &&
		(m.kind === "mail" || m.reason === "content")))
		got.set(m.qid, [...got.get(m.qid) ?? [], m]);
	for (const [qid, e] of expect) {
		const all = got.get(qid) ?? [], g = all[0] ?? {};
		if (all.length !== 1)
			wrong.push(`${qid}: counted ${all.length} times`);
		else if (g.client !== e.client || (e.verdict && verdictOf(g) !== e.verdict) ||
			(e.score !== undefined && !near(Number(g.score), e.score)))
			wrong.push(`${qid}: expected ${JSON.stringify(e)}, got ` +
				JSON.stringify({ client: g.client, verdict: verdictOf(g), score: g.score }));
	}
	if (expect.size < 100)
		wrong.push(`only ${expect.size} mails in the log`);
	console.log(`${host}: ${expect.size} mails, ` +
		`${[...expect.values()].filter((e) => e.verdict === "spam").length} of them spam`);
	for (const w of wrong.slice(0, 10))
		console.log(`FAIL chain ${host}: ${w}`);
	if (wrong.length)
		failed++;
	else
		passed++;
}
// No line of the lab's daemons has a shape that the parser does not know.
for (const host of readdirSync(frozen, { withFileTypes: true }).filter((d) => d.isDirectory())) {
	const { lines } = JSON.parse(execFileSync(program, ["-f", "json", "--tz", "UTC", "--now",
		"2026-12-31T00:00:00Z", "--host", host.name, ...logsOf(host.name)],
	{ ...big, stdio: ["ignore", "pipe", "ignore"] })).input;
	const known = lines.read > 0 && lines.unknown + lines.bad === 0;
	if (!known)
		console.log(`FAIL chain ${host.name}: ${JSON.stringify(lines)}`);
	known ? passed++ : failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
