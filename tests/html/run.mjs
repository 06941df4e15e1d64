// The HTML report in a real browser.  Part of make check.
// usage: [SPAMSOURCE=PROGRAM] node tests/html/run.mjs      ends with "N passed, N failed"
//
// Every fixture as a report: Chromium must hear nothing of it (no policy violation, no request, no
// message), html-validate and axe find nothing, and its numbers are those of the JSON report. What
// strangers wrote is text, letter by letter. A damaged copy shows that the checks do find faults.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openBrowser } from "./browser.mjs";
import { accessible, colours, fits, keyboard, openPage, printed, structure, validate }
	from "./checks.mjs";
import { numbers } from "./numbers.mjs";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const program = process.env.SPAMSOURCE ?? "./spamsource";
const work = mkdtempSync(join(tmpdir(), "spamsource-html."));
let passed = 0, failed = 0;

function result(name, findings) {
	if (findings.length === 0) {
		passed++;
		return;
	}
	failed++;
	console.log(`FAIL ${name}`);
	for (const f of findings.slice(0, 12))
		console.log(`    ${f}`);
}

// The page and the numbers of one input; hostile ones may end with exit code 1.
function render(name, inputs, options = []) {
	const file = join(work, `${name}.html`), json = join(work, `${name}.json`);
	const run = spawnSync(program, ["--year", "2026", "--tz", "UTC", "--now",
		"2026-12-31T00:00:00Z", ...options, "-f", "html", "-o", file, "-f", "json", "-o", json,
		...inputs], { encoding: "utf8" });
	if (run.status > 1 || run.status === null)
		throw new Error(`${name}: exit code ${run.status}: ${run.stderr}`);
	return { name, file, url: pathToFileURL(file).href, html: readFileSync(file, "utf8"),
		json: JSON.parse(readFileSync(json, "utf8")) };
}

async function ordinary(browser, report) {
	const page = await openPage(browser, report.url, { width: 390, axe: true });
	const found = [...await validate(report.html), ...await structure(page), ...await fits(page),
		...await numbers(page, report.json), ...await accessible(page)];
	result(report.name, [...page.heard, ...found]);
	await page.close();
}

// The sample in both widths and colours, on paper, by keyboard, and its bytes.
async function thorough(browser, report) {
	for (const width of [1280, 390, 320])
		for (const scheme of ["light", "dark"]) {
			const page = await openPage(browser, report.url, { width, scheme, axe: true });
			const found = [...await colours(page), ...await fits(page),
				...await accessible(page), ...await fits(page), ...await printed(page)];
			result(`${report.name} ${width} ${scheme}`, [...page.heard, ...found]);
			await page.close();
		}
	const page = await openPage(browser, report.url);
	result(`${report.name} by keyboard`, [...await keyboard(page), ...page.heard]);
	await page.close();
	result(`${report.name} size`, report.html.length < 300_000 ? [] : [report.html.length]);
}

// Each text that a stranger chose stands in the page as it is in JSON, controls made visible.
async function strangers(browser, report) {
	const visible = (s) => s.replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
		(c) => `\\u{${c.charCodeAt(0).toString(16).toUpperCase()}}`);
	const cut = (s) => ([...s].length > 96 ? [...s].slice(0, 96).join("") + "…" : s);
	const page = await openPage(browser, report.url);
	const texts = new Set(await page.evaluate(() =>
		[...document.querySelectorAll("bdi")].map((e) => e.textContent)));
	const found = [];
	let markup = 0;
	for (const list of Object.values(report.json.sources))
		for (const source of list)
			for (const text of [source.source.replace(/^(ip|account):/, ""), source.name]) {
				if (text === undefined)
					continue;
				markup += /[<>&"']/.test(text);
				if (!texts.has(cut(visible(text))) && !texts.has(cut(visible(source.source))))
					found.push(`not in the page: ${visible(text)}`);
			}
	if (markup < 10)
		found.push(`only ${markup} texts with markup: is the fixture read as before?`);
	result(`${report.name} as text`, [...found, ...page.heard]);
	await page.close();
}

// What the checks are worth: a copy with faults, each of which must be found.
async function damaged(browser, report) {
	const file = join(work, "damaged.html");
	const zombies = report.json.totals.attempts.zombie.lower;
	const faults = {
		"violation: style-src-attr": (h) => h.replace("<p class=\"kicker\">",
			"<p class=\"kicker\" style=\"color:red\">"),
		"violation: script-src-elem": (h) => h.replace("</main>", "<script>1</script></main>"),
		"violation: script-src-attr": (h) => h.replace("<h1>", "<h1 onclick=\"1\">"),
		"violation: img-src": (h) => h.replace("</main>", "<img alt=\"\" src=\"x.png\"></main>"),
		"violation: style-src-elem": (h) => h.replace("</style>", " </style>"),
		"element script": (h) => h.replace("</main>", "<script>1</script></main>"),
		"attribute onclick": (h) => h.replace("<h1>", "<h1 onclick=\"1\">"),
		"link to #nowhere": (h) => h.replace("href=\"#report\"", "href=\"#nowhere\""),
		"axe html-has-lang": (h) => h.replace(" lang=\"en\"", ""),
		"axe empty-table-header": (h) => h.replace("Past the DNSBLs</th>", "</th>"),
		"html-validate": (h) => h.replace("</h1>", ""),
		"the page is": (h) => h.replace("<h1>",
			"<svg width=\"900\" height=\"1\"></svg><h1>"),
		"totals attempts zombie": (h) => h.replace(`<td>${zombies}</td>`,
			`<td>${zombies + 1}</td>`),
	};
	for (const [expected, damage] of Object.entries(faults)) {
		const html = damage(report.html);
		writeFileSync(file, html);
		const page = await openPage(browser, pathToFileURL(file).href, { width: 390, axe: true });
		const found = [...page.heard, ...await validate(html), ...await structure(page),
			...await fits(page), ...await numbers(page, report.json), ...await accessible(page)];
		result(`a fault is found: ${expected}`, html !== report.html &&
			found.some((f) => f.startsWith(expected)) ? [] : [`it is not: ${found}`]);
		await page.close();
	}
}

const inputs = [...readdirSync("fixtures/cases").map((d) => `fixtures/cases/${d}`),
	...readdirSync("fixtures/hostile").map((f) => `fixtures/hostile/${f}`),
	...readdirSync("fixtures/lab/frozen", { withFileTypes: true }).filter((d) => d.isDirectory())
		.map((d) => `fixtures/lab/frozen/${d.name}`)];
const browser = await openBrowser();
try {
	const sample = render("sample", ["fixtures/sample/mail.log"]);
	await ordinary(browser, sample);
	await thorough(browser, sample);
	await damaged(browser, sample);
	// The sample's day, and its first half on the next one: something has changed.
	const day = readFileSync("fixtures/sample/mail.log", "utf8");
	writeFileSync(join(work, "days.log"), day + day.slice(0, day.indexOf("Nov 20 14:"))
		.replaceAll("Nov 20", "Nov 21"));
	await ordinary(browser, render("days", [join(work, "days.log")]));
	writeFileSync(join(work, "empty.log"), "");
	await ordinary(browser, render("empty", [join(work, "empty.log")]));
	const markup = render("markup", ["fixtures/hostile/postfix-markup.log"], ["-n", "100"]);
	await strangers(browser, markup);
	await thorough(browser, { ...markup, name: "markup" });
	for (const input of inputs)
		await ordinary(browser, render(input.replace(/^fixtures./, "").replaceAll("/", "."), [input]));
} finally {
	await browser.close();
	rmSync(work, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
