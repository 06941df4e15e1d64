// Do the numbers of the page say what the JSON report says? Read from the page as a reader does.
const kinds = ["zombie", "misconfigured", "compromised", "unattributed"];

// As report/figures.h has them.
function percent(part, whole) {
	let tenths = Math.floor((part * 1000 + Math.floor(whole / 2)) / whole);
	if (tenths >= 1000 && part < whole)
		tenths = 999;
	return tenths === 0 && part > 0 ? "<0.1" : (tenths / 10).toFixed(1);
}

// The outermost of the bounds that JSON has apart.
function range(e, whole) {
	const [low, high] = [percent(Math.min(e.lower, e.low), whole),
		percent(Math.max(e.upper, e.high), whole)];
	return low === high ? `${high} %` : `${low} to ${high} %`;
}

const read = (page) => page.evaluate(() => {
	const text = (e) => e.textContent.trim().replace(/\u00a0/g, " ");
	const tables = {};
	for (const table of document.querySelectorAll("table"))
		tables[text(table.caption)] = [...table.tBodies[0].rows].map((r) => [...r.cells].map(text));
	const all = (selector) => [...document.querySelectorAll(selector)].map(text);
	return { tables, figures: [...document.querySelectorAll(".figures dd")].map((e) =>
		e.firstChild.textContent.trim()), sources: all(".sources summary i"),
		stops: [...document.querySelectorAll(".stops li")].map((li) =>
			[...li.querySelectorAll(":scope > div b")].map(text)),
		streams: [...document.querySelectorAll(".stream ol")].map((ol) =>
			[...ol.querySelectorAll("b")].map(text)) };
});

export async function numbers(page, json) {
	const shown = await read(page);
	const found = [];
	const same = (what, text, wanted) => {
		const number = /^[\d,]+$/.test(text ?? "") ? +text.replace(/,/g, "") : text;
		if (number !== wanted)
			found.push(`${what}: ${text} in the page, ${wanted} in JSON`);
	};
	const perClass = (what, row, first, wanted) => kinds.forEach((kind, i) =>
		same(`${what} ${kind}`, row[first + i], wanted[kind]));
	// The rows of a table, one for each of the list.
	const rows = (caption, list) => {
		const table = shown.tables[caption] ?? [];
		same(`rows of "${caption}"`, String(table.length), list.length);
		return list.map((item, i) => [item, table[i] ?? []]);
	};
	const { totals } = json;
	["attempts", "accepted", "sources"].forEach((unit, i) =>
		same(`totals spam ${unit}`, shown.figures[i], totals.spam[unit]));
	if (totals.spam.attempts === 0)
		return found;
	for (const [kind, row] of rows("Spam by class", kinds)) {
		same(`totals attempts ${kind}`, row[1], totals.attempts[kind].lower);
		same(`totals share ${kind}`, row[2],
			`${percent(totals.attempts[kind].lower, totals.spam.attempts)} %`);
		same(`totals accepted ${kind}`, row[4], totals.accepted[kind].lower);
		same(`totals sources ${kind}`, row[5], totals.sources[kind].lower);
	}
	const time = shown.tables["Spam attempts by time and class; times without are left out"];
	kinds.forEach((kind, i) => {
		if (time !== undefined)
			same(`timeline ${kind}`, String(time.reduce((n, r) =>
				n + +r[i + 1].replace(/,/g, ""), 0)), totals.attempts[kind].lower);
	});
	if (time !== undefined)
		rows("Spam attempts by hour of the day and class", json.hours.zombie)
			.forEach(([, row], hour) => perClass(`hour ${hour}`, row, 1, Object.fromEntries(
				kinds.map((kind) => [kind, json.hours[kind][hour]]))));
	const parts = ["port25", "port25_beside_dnsbl", "dnsbl", "dnsbl_beside_port25",
		"provider_beside_both", "none"];
	const units = ["attempts", "accepted"].filter((u) => totals.spam[u] > 0);
	parts.forEach((part, i) => units.forEach((unit, k) => same(`measure ${part} of ${unit}`,
		shown.stops[i]?.[k], range(json.countermeasures[unit][part], totals.spam[unit]))));
	const cells = json.countermeasures.cells.filter((c) => c.attempts > 0);
	for (const [, row] of rows("Spam attempts by all that would have stopped them", cells)) {
		const [port25, dnsbl, provider] = row.map((c) => c === "yes");
		same("cell", row[3], cells.find((c) => c.port25 === port25 && c.dnsbl === dnsbl &&
			c.provider === provider)?.attempts);
	}
	kinds.filter((kind) => json.funnel[kind].attempts > 0).forEach((kind, i) => {
		const f = json.funnel[kind], stream = shown.streams[i] ?? [];
		[f.attempts, f.attempts - f.connect, f.attempts - f.connect - f.envelope, f.accepted]
			.forEach((n, k) => same(`funnel ${kind} ${k}`, stream[k], n));
	});
	const networks = (caption, list, name) => {
		for (const [n, row] of list.length > 0 ? rows(caption, list) : []) {
			same(`name of ${n[name]}`, row[0], n[name]);
			["compromised", "misconfigured", "zombie"].forEach((kind, k) =>
				same(`${name} ${n[name]} ${kind}`, row[k + 1], n.attempts[kind]));
		}
	};
	networks("Spam attempts of the sources in each network", json.providers, "provider");
	networks("Networks by name or, without one, by address", json.networks, "network");
	for (const [list, row] of json.dnsbl.lists.length > 0 ?
	    rows("Spam attempts of listed clients, and these by class", json.dnsbl.lists) : [])
		perClass(`list ${row[0]}`, row, 4, list.listed);
	if (json.changes.by !== "none") {
		rows("Spam attempts in 24 hours, and sources", kinds).forEach(([kind, row]) => {
			same(`new ${kind}`, row[4], json.changes.new_sources[kind]);
			same(`quiet ${kind}`, row[5], json.changes.quiet_sources[kind]);
		});
		const span = "first and last of all its spam";
		for (const [caption, list, when] of [
		    [`Attributed attempts now, of who had none before; ${span}`, "new", "now"],
		    [`Attributed attempts before, of who has none now; ${span}`, "quiet", "before"]])
			for (const [c, row] of json.changes[list].length > 0 ?
			    rows(caption, json.changes[list]) : [])
				same(`${list} ${row[0]}`, row[2], c[when]);
	}
	const sources = kinds.flatMap((kind) => json.sources[kind]);
	sources.forEach((s, i) => same(`source ${s.source}`, shown.sources[i], s.attempts));
	return found;
}
