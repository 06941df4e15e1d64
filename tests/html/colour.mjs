// Are colours apart for everybody? Distances in CIELAB of what each kind of eye sees.
// Colour blindness as simulated by Machado, Oliveira and Fernandes (2009), severity 1.
const eyes = {
	all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
	protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
		[-0.003882, -0.048116, 1.051998]],
	deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
		[-0.01182, 0.04294, 0.968881]],
	tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
		[0.004733, 0.691367, 0.3039]],
};

// "rgb(59, 120, 196)" to linear light.
const light = (css) => css.match(/\d+/g).slice(0, 3).map((n) => n / 255)
	.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
const seen = (rgb, eye) => eye.map((row) =>
	Math.min(1, Math.max(0, row.reduce((sum, x, i) => sum + x * rgb[i], 0))));
const brightness = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function lab([r, g, b]) {
	const f = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
	const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
	const y = f(brightness([r, g, b]));
	const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
	return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

// The least distance of two of the colours, and for which eye.
export function leastDistance(colours) {
	let least = { distance: Infinity };
	for (const [eye, matrix] of Object.entries(eyes))
		for (let i = 0; i < colours.length; i++)
			for (let k = 0; k < i; k++) {
				const [a, b] = [colours[i], colours[k]].map((c) => lab(seen(light(c), matrix)));
				const distance = Math.hypot(...a.map((x, n) => x - b[n]));
				if (distance < least.distance)
					least = { distance, eye, pair: [colours[k], colours[i]] };
			}
	return least;
}

// WCAG's ratio.
export function contrast(a, b) {
	const [x, y] = [a, b].map((c) => brightness(light(c)) + 0.05);
	return Math.max(x, y) / Math.min(x, y);
}
