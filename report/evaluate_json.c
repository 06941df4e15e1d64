/*
 * The evaluation as JSON, schema spamsource.evaluation/1 (report/evaluation-1.schema.json). Shares
 * have four decimals; one of nothing has no value.
 */
#include "report/evaluate_private.h"
#include "base/utc.h"

static void
put_value(struct buf *b, const char *name, unsigned v)
{
	buf_fmt(b, "\"%s\":%u.%04u", name, v / 10000, v % 10000);
}

static void
put_number_of(struct buf *b, const char *name, uint64_t n)
{
	buf_fmt(b, "\"%s\":%llu", name, (unsigned long long)n);
}

static void
put_text(struct buf *b, const char *name, struct slice text)
{
	buf_fmt(b, "\"%s\":", name);
	buf_json(b, text);
}

static void
put_rows(struct buf *b, const struct matrix *m)
{
	buf_chr(b, '{');
	for (unsigned i = 0; i < ISS; i++) {
		buf_fmt(b, "%s\"%s\":{", i ? "," : "", is_name(i));
		for (unsigned s = 0; s < SAIDS; s++) {
			buf_str(b, s ? "," : "");
			put_number_of(b, said_name(s), m->n[i][s]);
		}
		buf_chr(b, '}');
	}
	buf_chr(b, '}');
}

static void
put_share(struct buf *b, const char *name, const struct share *s, bool limits, bool cluster)
{
	buf_fmt(b, "\"%s\":{", name);
	if (s->all) {
		put_value(b, "value", share_value(s->part, s->all));
		buf_chr(b, ',');
	}
	put_number_of(b, "part", s->part);
	buf_chr(b, ',');
	put_number_of(b, "all", s->all);
	if (limits) {
		buf_fmt(b, ",\"wilson\":[%u.%04u,%u.%04u]", s->low / 10000, s->low % 10000,
		    s->high / 10000, s->high % 10000);
		if (cluster)
			buf_fmt(b, ",\"bootstrap\":[%u.%04u,%u.%04u]", s->cluster_low / 10000,
			    s->cluster_low % 10000, s->cluster_high / 10000,
			    s->cluster_high % 10000);
	}
	buf_chr(b, '}');
}

static void
put_scores(struct buf *b, const struct share *share, bool limits, bool cluster)
{
	static const struct { const char *name; unsigned first; } per[] = {
		{ "precision", PRECISION }, { "recall", RECALL }, { "f1", F1 } };
	static const char *const single[] = { "coverage", "selective_accuracy", "ham_accused",
		"undecidable_left" };

	buf_chr(b, '{');
	for (unsigned k = 0; k < 3; k++) {
		buf_fmt(b, "\"%s\":{", per[k].name);
		for (unsigned of = 0; of < OFS; of++) {
			buf_str(b, of ? "," : "");
			put_share(b, scored_name(of), &share[per[k].first + of],
			    limits && per[k].first != F1, cluster);
		}
		buf_str(b, "},");
	}
	for (unsigned k = COVERAGE; k < QUALITIES; k++) {
		buf_str(b, k > COVERAGE ? "," : "");
		put_share(b, single[k - COVERAGE], &share[k], limits, cluster);
	}
	buf_chr(b, '}');
}

static void
put_way(struct buf *b, const struct matrix *m)
{
	struct share share[QUALITIES];

	for (unsigned k = 0; k < QUALITIES; k++)
		measure(m, k, &share[k]);
	buf_str(b, "\"matrix\":");
	put_rows(b, m);
	buf_str(b, ",\"scores\":");
	put_scores(b, share, false, false);
}

static void
put_parts(struct buf *b, const char *name, const struct parts *l)
{
	buf_fmt(b, ",\n\"%s\":[", name);
	for (unsigned i = 0; i < l->n; i++) {
		buf_str(b, i ? ",\n{" : "\n{");
		put_text(b, "name", l->item[i].name);
		buf_chr(b, ',');
		put_way(b, &l->item[i].rows);
		buf_chr(b, '}');
	}
	buf_chr(b, ']');
}

static void
put_curves(const struct evaluate *e, struct buf *b)
{
	buf_str(b, ",\n\"calibration\":{");
	put_value(b, "ece", e->ece);
	buf_chr(b, ',');
	put_value(b, "brier", e->brier);
	buf_str(b, ",\"bins\":[");
	for (unsigned i = 0, more = 0; i < BINS; i++) {
		const struct bin *x = &e->bin[i];

		if (x->n == 0)
			continue;
		buf_str(b, more++ ? ",{" : "{");
		put_number_of(b, "verdicts", x->n);
		buf_chr(b, ',');
		put_value(b, "confidence", share_value(x->confidence, x->n * 1000));
		buf_chr(b, ',');
		put_value(b, "right", share_value(x->right, x->n));
		buf_chr(b, '}');
	}
	buf_str(b, "]},\n\"risk_coverage\":[");
	for (unsigned t = 0; t < TAUS; t++) {
		struct share covered, right, ham;

		measure(&e->tau[t].rows, COVERAGE, &covered);
		measure(&e->tau[t].rows, SELECTIVE, &right);
		measure(&e->tau[t].rows, HAM_ACCUSED, &ham);
		buf_str(b, t ? ",\n{" : "\n{");
		put_value(b, "confidence", e->tau[t].least * 10);
		buf_chr(b, ',');
		put_value(b, "coverage", share_value(covered.part, covered.all));
		buf_chr(b, ',');
		put_value(b, "risk", right.all ? 10000 - share_value(right.part, right.all) : 0);
		buf_chr(b, ',');
		put_value(b, "ham_accused", share_value(ham.part, ham.all));
		buf_chr(b, '}');
	}
	buf_chr(b, ']');
}

static void
put_mistake(const struct evaluate *e, const struct labelled *x, struct buf *b)
{
	const struct happened *h = &e->event[x->event];
	char text[ADDR_TEXT], time[UTC_TEXT];

	utc_format(h->ts, time);
	buf_str(b, "\n{");
	put_number_of(b, "row", x->row->line);
	buf_fmt(b, ",\"time\":\"%s\",\"truth\":\"%s\",\"said\":\"%s\",\"confidence\":%u.%03u", time,
	    is_name(x->is), said_name(x->said), h->confidence / 1000, h->confidence % 1000);
	if (h->queue_id.n) {
		buf_chr(b, ',');
		put_text(b, "queue_id", h->queue_id);
	}
	if (h->message_id.n) {
		buf_chr(b, ',');
		put_text(b, "message_id", h->message_id);
	}
	if (h->has_addr) {
		addr_format(&h->addr, text);
		buf_fmt(b, ",\"client_ip\":\"%s\"", text);
	}
	if (x->row->scenario.n) {
		buf_chr(b, ',');
		put_text(b, "scenario", x->row->scenario);
	}
	buf_chr(b, '}');
}

static void
put_counts(const struct evaluate *e, struct buf *b)
{
	buf_str(b, "\"rows\":{");
	put_number_of(b, "total", e->items);
	buf_chr(b, ',');
	put_number_of(b, "repeated", e->repeated);
	buf_chr(b, ',');
	put_number_of(b, "other_hosts", e->elsewhere);
	buf_chr(b, ',');
	put_number_of(b, "sources", e->clusters);
	buf_str(b, "},\n\"without_row\":{");
	for (unsigned s = 0; s <= SAID_UNATTRIBUTED; s++) {
		buf_str(b, s ? "," : "");
		put_number_of(b, said_name(s), e->unlabelled[s]);
	}
	buf_chr(b, '}');
}

void
evaluate_json(const struct evaluate *e, struct buf *b, unsigned top)
{
	buf_str(b, "{\"schema\":\"spamsource.evaluation/1\",\n");
	put_counts(e, b);
	buf_str(b, ",\n\"messages\":{\"matrix\":");
	put_rows(b, &e->messages);
	buf_str(b, ",\n\"scores\":");
	put_scores(b, e->share, true, true);
	buf_str(b, "},\n\"sources\":{\"matrix\":");
	put_rows(b, &e->sources);
	buf_str(b, ",\n\"scores\":");
	put_scores(b, e->source_share, true, false);
	buf_str(b, "},\n\"forced\":{");
	put_way(b, &e->tau[0].rows);
	buf_str(b, "},\n\"baselines\":{");
	for (unsigned k = 0; k < BASES; k++) {
		buf_fmt(b, "%s\n\"%s\":{", k ? "," : "", baseline_name(k));
		put_way(b, &e->base[k]);
		buf_chr(b, '}');
	}
	buf_chr(b, '}');
	put_curves(e, b);
	put_parts(b, "daemons", &e->daemons);
	put_parts(b, "directions", &e->directions);
	put_parts(b, "scenarios", &e->scenarios);
	buf_str(b, ",\n\"mistakes\":[");
	for (unsigned i = 0; i < e->mistakes && i < top; i++) {
		buf_str(b, i ? "," : "");
		put_mistake(e, &e->item[e->mistake[i]], b);
	}
	buf_str(b, "]}\n");
}
