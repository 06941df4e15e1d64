// Pictures of a report, to be looked at: both widths, light and dark, and as printed; top.png is
// what README.md shows (report/contrib/report.png, of the sample).
// usage: node tests/html/look.mjs FILE.html DIRECTORY
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { openBrowser } from "./browser.mjs";

const [file, to] = process.argv.slice(2);
mkdirSync(to, { recursive: true });
const browser = await openBrowser();
for (const width of [1280, 390])
	for (const colorScheme of ["light", "dark"]) {
		const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
		await page.goto("file://" + resolve(file));
		await page.screenshot({ path: `${to}/${width}-${colorScheme}.png`, fullPage: true });
		if (width === 1280 && colorScheme === "light")
			await page.screenshot({ path: `${to}/top.png`,
				clip: { x: 0, y: 0, width, height: 880 } });
		if (width === 1280 && colorScheme === "dark")
			await page.pdf({ path: `${to}/print.pdf`, format: "A4" });
		await page.close();
	}
await browser.close();
