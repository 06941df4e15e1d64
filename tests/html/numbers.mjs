// Do the numbers of the page say what the JSON report says? Read from the page as a reader does.
export async function numbers(page, json) {
	const shown = await page.evaluate(() => {
		const cells = (row) => [...row.children].map((e) => e.textContent.trim());
		const table = (selector) => [...document.querySelectorAll(`${selector} tbody tr`)].map(cells);
		return { classes: table(".hero"), time: table("#time"), stops: table("#stops"),
			providers: table("#providers"),
			figures: [...document.querySelectorAll(".figures dd")].map((e) =>
				e.firstChild.textContent.trim()),
			sources: [...document.querySelectorAll(".sources summary i")].map((e) =>
				e.textContent) };
	});
	const found = [];
	const number = (text) => (/^[\d,]+$/.test(text) ? +text.replace(/,/g, "") : NaN);
	const same = (what, text, wanted) => {
		if (number(text) !== wanted)
			found.push(`${what}: ${text} in the page, ${wanted} in JSON`);
	};
	const { totals } = json;
	const kinds = ["zombie", "misconfigured", "compromised", "unattributed"];
	["attempts", "accepted", "sources"].forEach((unit, i) =>
		same(`totals spam ${unit}`, shown.figures[i], totals.spam[unit]));
	if (totals.spam.attempts === 0)
		return found;
	kinds.forEach((kind, i) => {
		const row = shown.classes[i] ?? [];
		same(`totals attempts ${kind}`, row[1], totals.attempts[kind].lower);
		same(`totals accepted ${kind}`, row[3], totals.accepted[kind].lower);
		same(`totals sources ${kind}`, row[4], totals.sources[kind].lower);
		if (shown.time.length > 0)
			same(`timeline ${kind}`, String(shown.time.reduce((n, r) => n + number(r[i + 1]), 0)),
				totals.attempts[kind].lower);
	});
	const cells = json.countermeasures.cells.filter((c) => c.attempts > 0);
	same("cells", String(shown.stops.length), cells.length);
	for (const row of shown.stops) {
		const [port25, dnsbl, provider] = row.map((c) => c === "yes");
		same("cell", row[3], cells.find((c) => c.port25 === port25 && c.dnsbl === dnsbl &&
			c.provider === provider)?.attempts);
	}
	json.providers.forEach((p, i) => {
		const row = shown.providers[i] ?? [];
		if (row[0] !== p.provider)
			found.push(`provider ${i}: ${row[0]}, not ${p.provider}`);
		["compromised", "misconfigured", "zombie"].forEach((kind, k) =>
			same(`provider ${p.provider} ${kind}`, row[k + 1], p.attempts[kind]));
	});
	const sources = kinds.flatMap((kind) => json.sources[kind]);
	sources.forEach((s, i) => same(`source ${s.source}`, shown.sources[i], s.attempts));
	return found;
}
