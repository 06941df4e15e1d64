// What must hold for every report. Each check returns a list of findings: empty is good.
import { readFileSync } from "node:fs";
import { require } from "./browser.mjs";
import { contrast, leastDistance } from "./colour.mjs";

const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { HtmlValidate } = require("html-validate");
const validator = new HtmlValidate({
	extends: ["html-validate:recommended"],
	rules: {
		// The style is named by its hash, which html-validate does not know of.
		"require-csp-nonce": "off",
	},
});

export async function validate(html) {
	const report = await validator.validateString(html);
	return report.results.flatMap((r) => r.messages.map((m) =>
		`html-validate ${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
}

// A page on which nothing may happen but its own loading; what does is in page.heard.
export async function openPage(browser, url, { width = 1280, scheme = "light", axe = false } = {}) {
	const context = await browser.newContext({ viewport: { width, height: 900 },
		colorScheme: scheme });
	const page = await context.newPage();
	const heard = [];
	page.on("console", (m) => heard.push(`console: ${m.text()}`));
	page.on("pageerror", (e) => heard.push(`error: ${e.message}`));
	page.on("dialog", (d) => { heard.push(`dialog: ${d.message()}`); d.dismiss(); });
	page.on("popup", () => heard.push("popup"));
	page.on("request", (r) => { if (r.url() !== url) heard.push(`request: ${r.url()}`); });
	await page.exposeFunction("heardViolation", (what) => heard.push(`violation: ${what}`));
	await page.addInitScript(() => document.addEventListener("securitypolicyviolation",
		(e) => globalThis.heardViolation(`${e.effectiveDirective} ${e.blockedURI} ${e.sample}`)));
	if (axe)
		await page.addInitScript(axeSource);
	await page.goto(url, { waitUntil: "load" });
	await page.evaluate(() => new Promise((done) => { setTimeout(done, 30); }));
	return Object.assign(page, { heard, close: () => context.close() });
}

export async function accessible(page) {
	const result = await page.evaluate(() => {
		document.querySelectorAll("details").forEach((d) => { d.open = true; });
		return globalThis.axe.run(document, { preload: false, resultTypes: ["violations"] });
	});
	return result.violations.map((v) =>
		`axe ${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 200)} (${v.nodes.length})`);
}

// Only elements and attributes that we write; links stay in the page and lead somewhere.
export const structure = (page) => page.evaluate(() => {
	const elements = new Set(("html head meta title style body a header p svg circle path main " +
		"section h1 h2 h3 dl div dt dd small rect table caption thead tbody tr th td span nav ul " +
		"ol li details summary b i bdi figure figcaption text line g time footer").split(" "));
	const attributes = new Set(("lang charset http-equiv content name class href id role tabindex " +
		"aria-label aria-labelledby aria-hidden viewBox width height cx cy r d x y x1 x2 y1 y2 scope " +
		"preserveAspectRatio xmlns open").split(" "));
	const found = [];
	for (const e of document.querySelectorAll("*")) {
		if (!elements.has(e.localName))
			found.push(`element ${e.localName}: ${e.outerHTML.slice(0, 100)}`);
		for (const a of e.attributes)
			if (!attributes.has(a.name))
				found.push(`attribute ${a.name} of ${e.localName}: ${a.value.slice(0, 100)}`);
		const href = e.getAttribute("href");
		if (href !== null && !(href.startsWith("#") && document.getElementById(href.slice(1))))
			found.push(`link to ${href}`);
	}
	if (document.querySelectorAll("style, meta[http-equiv]").length !== 2)
		found.push("not one style and one policy");
	if (document.body.compareDocumentPosition(document.querySelector("style")) & 4)
		found.push("a style in the body");
	const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
	if (new Set(ids).size !== ids.length)
		found.push("an id twice");
	return found;
});

// Nothing is wider than the page, but what scrolls in itself, and that is reached by keyboard.
export const fits = (page) => page.evaluate(() => {
	const found = [];
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > width)
		found.push(`the page is ${document.documentElement.scrollWidth} wide, not ${width}`);
	for (const e of document.querySelectorAll("main *, header *")) {
		const style = getComputedStyle(e);
		if (style.overflowX === "visible" || e.closest("svg") || e.scrollWidth <= e.clientWidth)
			continue;
		if (style.overflowX !== "auto" && e.clientWidth > 0)
			found.push(`cut off: ${e.outerHTML.slice(0, 100)}`);
	}
	return found;
});

// The first key leads past the head; every line with reasons is reached, seen and opened by keys.
export async function keyboard(page) {
	const found = [];
	const here = () => page.evaluate(() => {
		const e = document.activeElement;
		return { name: e.localName, text: e.textContent.trim().slice(0, 40),
			outline: getComputedStyle(e).outlineStyle, left: e.getBoundingClientRect().left };
	});
	await page.keyboard.press("Tab");
	const first = await here();
	if (first.name !== "a" || !first.text.startsWith("Skip") || first.left < 0)
		found.push(`the first stop is ${first.name} ${first.text}`);
	const all = await page.locator("summary:visible").count();
	let stops = 0;
	for (let i = 0; i < 400 && stops < all; i++) {
		await page.keyboard.press("Tab");
		const at = await here();
		if (at.outline === "none")
			found.push(`no sign that it is chosen: ${at.name} ${at.text}`);
		stops += at.name === "summary";
	}
	if (stops !== all)
		found.push(`${stops} of ${all} summaries are reached`);
	await page.keyboard.press("Enter");
	if (all > 0 && await page.evaluate(() => !document.activeElement.parentNode.open))
		found.push("Enter does not open");
	return found;
}

// Four classes, apart from each other and from the page.
export async function colours(page) {
	const { classes, paper } = await page.evaluate(() => ({
		classes: [..."zmcu"].map((c) => {
			const e = document.createElementNS("http://www.w3.org/2000/svg", "rect");
			e.setAttribute("class", c);
			document.querySelector("svg").append(e);
			return getComputedStyle(e).fill;
		}),
		paper: getComputedStyle(document.body).backgroundColor,
	}));
	const found = [];
	const least = leastDistance(classes);
	if (!(least.distance >= 20))
		found.push(`colours ${least.pair} are ${least.distance} apart (${least.eye})`);
	for (const c of classes)
		if (!(contrast(c, paper) >= 3))
			found.push(`colour ${c} on ${paper}: contrast ${contrast(c, paper)}`);
	return found;
}

// On paper: light whatever the screen is, everything open, nothing to click.
export async function printed(page) {
	await page.emulateMedia({ media: "print" });
	const found = await page.evaluate(() => {
		const say = [];
		for (const d of document.querySelectorAll("details:not(.numbers, .numbers details)"))
			if ([...d.children].some((e) => e.getClientRects().length === 0 ||
			    !e.checkVisibility({ contentVisibilityAuto: true })))
				say.push(`hidden on paper: ${d.textContent.slice(0, 60)}`);
		if (getComputedStyle(document.body).color.match(/\d+/g).some((n) => n > 100))
			say.push(`light letters on paper: ${getComputedStyle(document.body).color}`);
		if (document.querySelector("nav").getClientRects().length)
			say.push("navigation on paper");
		return say;
	});
	const pdf = await page.pdf({ format: "A4" });
	if (!pdf.subarray(0, 5).equals(Buffer.from("%PDF-")))
		found.push("no PDF");
	await page.emulateMedia({ media: null });
	return found;
}
