// Debian's Chromium, driven by playwright-core from build/npm-html: sh tests/setup.sh test
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = process.env.HTML_NPM ??
	fileURLToPath(new URL("../../build/npm-html/", import.meta.url));
export const require = createRequire(modules + "/");

const places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export async function openBrowser() {
	const executablePath = process.env.CHROMIUM ?? places.find(existsSync);
	if (executablePath === undefined)
		throw new Error("no Chromium here: sh tests/setup.sh test");
	const { chromium } = require("playwright-core");
	// Root may not use the sandbox, and /dev/shm is small in many containers.
	const args = ["--disable-dev-shm-usage", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])];
	return chromium.launch({ executablePath, args });
}
