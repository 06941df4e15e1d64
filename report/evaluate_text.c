/*
 * The evaluation as text, in lines of at most 80 columns: the matrices, what follows from them, the
 * comparison with simpler ways, calibration, breakdowns, mistakes.
 */
#include "report/evaluate_private.h"
#include "report/text_private.h"

static const char *const label[ISS] = { "zombie", "misconfigured", "compromised, own",
	"compromised, elsewhere", "ham", "undecidable" };

static void
put_matrix(struct buf *b, const struct matrix *m, const char *title)
{
	buf_fmt(b, "\n%-23s zombie misconf.   own elsewh. unattrib. no spam absent\n", title);
	for (unsigned i = 0; i < ISS; i++) {
		static const unsigned width[SAIDS] = { 7, 9, 6, 8, 10, 8, 7 };

		buf_fmt(b, "%-23s", label[i]);
		for (unsigned s = 0; s < SAIDS; s++)
			put_number(b, m->n[i][s], width[s]);
		buf_chr(b, '\n');
	}
}

static void
put_limits(struct buf *b, unsigned low, unsigned high, bool asked)
{
	if (asked)
		buf_fmt(b, "  %3u.%u-%3u.%u", low / 100, low / 10 % 10, high / 100,
		    high / 10 % 10);
	else
		buf_fmt(b, "%13s", "");
}

/* "98.2" with Wilson's limits, and with those by sources; "-" when nothing was asked. */
static void
put_share(struct buf *b, const struct share *s, bool cluster)
{
	put_percent(b, s->part, s->all, 6);
	put_limits(b, s->low, s->high, s->all > 0);
	if (cluster)
		put_limits(b, s->cluster_low, s->cluster_high, s->all > 0);
}

static void
put_scores(struct buf *b, const struct share *share, const char *title, bool cluster)
{
	static const char *const name[OFS] = { "zombie", "misconf.", "compr.", " own", " elsewh." };
	static const char *const single[] = { "coverage of decidable spam",
		"right among all verdicts", "ham accused", "undecidable left alone" };
	int width = cluster ? 32 : 19;

	buf_fmt(b, "\n%-9s%-*s%-*s   F1\n", title, width, " precision", width, " recall");
	for (unsigned k = 0; k < OFS; k++) {
		buf_fmt(b, "%-8s", name[k]);
		put_share(b, &share[PRECISION + k], cluster);
		put_share(b, &share[RECALL + k], cluster);
		put_percent(b, share[F1 + k].part, share[F1 + k].all, 7);
		buf_chr(b, '\n');
	}
	for (unsigned k = COVERAGE; k < QUALITIES; k++) {
		buf_fmt(b, "%-27s", single[k - COVERAGE]);
		put_share(b, &share[k], cluster);
		buf_str(b, "  of ");
		put_number(b, share[k].all, 0);
		buf_chr(b, '\n');
	}
}

/* One line: what a way to decide gives. */
static void
put_way(struct buf *b, const char *name, const struct matrix *m)
{
	static const enum quality what[] = { COVERAGE, SELECTIVE, PRECISION + OF_ZOMBIE,
		PRECISION + OF_MISCONFIGURED, PRECISION + OF_OWN, PRECISION + OF_ELSEWHERE,
		HAM_ACCUSED };

	buf_fmt(b, "%-27s", name);
	for (unsigned k = 0; k < sizeof(what) / sizeof(what[0]); k++) {
		struct share s;

		measure(m, what[k], &s);
		put_percent(b, s.part, s.all, 7);
	}
	buf_chr(b, '\n');
}

static void
put_comparison(const struct evaluate *e, struct buf *b)
{
	static const char *const name[BASES] = { "list or name, login, rest", "naive Bayes",
		"naive Bayes, cut to ours", "majority class" };

	buf_str(b, "\nthe same events            covers  right zombie miscon.    own elsewh. ham"
	    "\n");
	put_way(b, "spamsource", &e->messages);
	put_way(b, "spamsource, forced", &e->tau[0].rows);
	for (unsigned k = 0; k < BASES; k++)
		put_way(b, name[k], &e->base[k]);
	buf_str(b, "\nconfidence, thresholds aside\n");
	for (unsigned t = 1; t < TAUS; t++) {
		char text[16] = "0.";

		text[2] = (char)('0' + e->tau[t].least / 100);
		text[3] = (char)('0' + e->tau[t].least / 10 % 10);
		text[4] = '\0';
		put_way(b, text, &e->tau[t].rows);
	}
}

static void
put_calibration(const struct evaluate *e, struct buf *b)
{
	buf_fmt(b, "\ncalibration: ECE %u.%03u, Brier %u.%03u\n", e->ece / 10000,
	    e->ece / 10 % 1000, e->brier / 10000, e->brier / 10 % 1000);
	buf_str(b, "verdicts   said  right\n");
	for (unsigned i = 0; i < BINS; i++) {
		const struct bin *x = &e->bin[i];
		uint64_t said = x->n ? (x->confidence + x->n / 2) / x->n : 0;
		uint64_t right = x->n ? (x->right * 1000 + x->n / 2) / x->n : 0;

		if (x->n == 0)
			continue;
		put_number(b, x->n, 8);
		buf_fmt(b, "  %u.%03u  %u.%03u\n", (unsigned)said / 1000, (unsigned)said % 1000,
		    (unsigned)right / 1000, (unsigned)right % 1000);
	}
}

static void
put_parts(struct buf *b, const char *title, const struct parts *l)
{
	if (l->n == 0)
		return;
	buf_fmt(b, "\n%-32s  spam  right  wrong  none    ham accused undec. left\n", title);
	for (unsigned i = 0; i < l->n; i++) {
		const struct matrix *m = &l->item[i].rows;
		struct share covered, right, ham, left;

		measure(m, COVERAGE, &covered);
		measure(m, SELECTIVE, &right);
		measure(m, HAM_ACCUSED, &ham);
		measure(m, LEFT, &left);
		put_name(b, l->item[i].name, 32, true);
		put_number(b, covered.all, 6);
		put_number(b, right.part, 7);
		put_number(b, covered.part - right.part, 7);
		put_number(b, covered.all - covered.part, 6);
		put_number(b, ham.all, 7);
		put_number(b, ham.part, 8);
		put_number(b, left.all, 7);
		put_number(b, left.part, 5);
		buf_chr(b, '\n');
	}
}

static void
put_mistakes(const struct evaluate *e, struct buf *b, unsigned top)
{
	unsigned n = e->mistakes < top ? e->mistakes : top;

	if (n == 0)
		return;
	buf_fmt(b, "\nthe worst of %u mistakes (spamsource explain KEY)\n", e->mistakes);
	for (unsigned i = 0; i < n; i++) {
		const struct labelled *x = &e->item[e->mistake[i]];
		const struct happened *h = &e->event[x->event];
		char text[ADDR_TEXT], time[UTC_TEXT];
		struct slice key = h->queue_id;

		if (key.n == 0)
			key = h->has_addr ? (struct slice){ text, addr_format(&h->addr, text) } :
			    h->message_id;
		utc_format(h->ts, time);
		buf_fmt(b, "line %u, %s: %s called %s at %u.%03u\n    ", x->row->line, time,
		    label[x->is], label[x->said], h->confidence / 1000, h->confidence % 1000);
		put_name(b, key, 40, false);
		if (x->row->scenario.n) {
			buf_str(b, "  ");
			put_name(b, x->row->scenario, 32, false);
		}
		buf_chr(b, '\n');
	}
}

void
evaluate_text(const struct evaluate *e, struct buf *b, unsigned top)
{
	uint64_t unlabelled = 0;

	for (unsigned s = 0; s < SAIDS; s++)
		unlabelled += e->unlabelled[s];
	put_count(b, e->items, "labelled row");
	buf_str(b, " of ");
	put_count(b, e->clusters, "source");
	buf_str(b, "; ");
	put_number(b, e->repeated, 0);
	buf_str(b, " left out: repetitions that are counted once");
	if (e->elsewhere > 0) {
		buf_str(b, "; ");
		put_number(b, e->elsewhere, 0);
		buf_str(b, " of other hosts");
	}
	buf_str(b, ".\n");
	put_count(b, unlabelled, "spam event");
	buf_str(b, " in the log without a row");
	if (unlabelled > 0) {
		buf_str(b, ", ");
		put_number(b, unlabelled - e->unlabelled[SAID_UNATTRIBUTED], 0);
		buf_str(b, " with a verdict");
	}
	buf_str(b, ".\nPer cent, with 95 % limits: as if all were independent, and by sources.\n");
	put_matrix(b, &e->messages, "messages: truth, said");
	put_matrix(b, &e->sources, "sources: truth, said");
	put_scores(b, e->share, "messages", true);
	put_scores(b, e->source_share, "sources", false);
	put_comparison(e, b);
	put_calibration(e, b);
	put_parts(b, "daemon", &e->daemons);
	put_parts(b, "direction", &e->directions);
	put_parts(b, "scenario", &e->scenarios);
	put_mistakes(e, b, top);
}
