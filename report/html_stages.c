/*
 * How far it got: for each class a stream from the connection to acceptance, as thick as what is
 * left of it; all of them on one scale, that of the class with most attempts.
 */
#include "report/html_private.h"

enum { STEPS = 4, STEP = 100, FLAT = 62, HALF = 50 };	/* units of the path */

struct stream {
	uint64_t left[STEPS];	/* connected, named an envelope, gave content, was accepted */
	uint64_t most;		/* attempts of any class */
};

static struct stream
stream_of(const struct summary *s, unsigned k)
{
	struct stream x;

	x.left[0] = s->total[IN_ATTEMPTS][k][STAGES].lower;
	x.left[1] = x.left[0] - s->refused_at[STAGE_CONNECT][k];
	x.left[2] = x.left[1] - s->refused_at[STAGE_ENVELOPE][k];
	x.left[3] = s->total[IN_ACCEPTED][k][STAGES].lower;
	x.most = 0;
	for (unsigned i = 0; i < VERDICTS; i++)
		if (s->total[IN_ATTEMPTS][i][STAGES].lower > x.most)
			x.most = s->total[IN_ATTEMPTS][i][STAGES].lower;
	return x;
}

static unsigned
half_of(const struct stream *x, unsigned i)
{
	uint64_t n = x->left[i], all = x->most;
	unsigned half = (unsigned)(all > UINT64_MAX / HALF ? n / (all / HALF) : n * HALF / all);

	return n > 0 && half == 0 ? 1 : half;
}

/* Along the upper edge from left to right, and back along the lower one. */
static void
put_path(struct buf *b, const struct stream *x, char colour)
{
	buf_fmt(b, "<path class=\"%c\" d=\"M0 %u", colour, HALF - half_of(x, 0));
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned from = i * STEP + FLAT, to = (i + 1) * STEP, mid = (from + to) / 2;

		buf_fmt(b, "H%u", i + 1 < STEPS ? from : to);
		if (i + 1 < STEPS)
			buf_fmt(b, "C%u %u %u %u %u %u", mid, HALF - half_of(x, i), mid,
			    HALF - half_of(x, i + 1), to, HALF - half_of(x, i + 1));
	}
	buf_fmt(b, "V%u", HALF + half_of(x, STEPS - 1));
	for (unsigned i = STEPS; i-- > 0;) {
		unsigned from = i * STEP + FLAT, to = (i + 1) * STEP, mid = (from + to) / 2;

		if (i + 1 < STEPS)
			buf_fmt(b, "C%u %u %u %u %u %u", mid, HALF + half_of(x, i + 1), mid,
			    HALF + half_of(x, i), from, HALF + half_of(x, i));
		buf_fmt(b, "H%u", i * STEP);
	}
	buf_str(b, "z\"/>");
}

static void
put_stream(struct buf *b, const struct summary *s, unsigned k)
{
	static const char *const step[STEPS] = { "connected", "gave an envelope", "gave content",
		"accepted" };
	struct stream x = stream_of(s, k);

	if (x.left[0] == 0)
		return;
	buf_str(b, "<figure class=\"stream\">\n<figcaption>");
	html_class(b, k);
	buf_fmt(b, " <small>%s</small></figcaption>\n<svg viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\">", class_phrase(k), STEPS * STEP,
	    2 * HALF);
	put_path(b, &x, class_letter(k));
	buf_str(b, "</svg>\n<ol>");
	for (unsigned i = 0; i < STEPS; i++)
		buf_fmt(b, "<li><b>%s</b> <small>%s</small> <span>%s</span></li>",
		    word_number(x.left[i]).text, word_percent(x.left[i], x.left[0]).text,
		    step[i]);
	buf_str(b, "</ol>\n</figure>\n");
}

void
html_stages(struct buf *b, const struct summary *s)
{
	html_part(b, "stages", "How far it got", "What DNSBLs and a bot's bad manners stop never "
	    "shows its content. So each stage sees another mix of classes.");
	for (unsigned i = 0; i < VERDICTS; i++)
		put_stream(b, s, class_at(i));
	html_part_end(b);
}
