/*
 * See prometheus.h. A family is its HELP and TYPE lines, then its samples. Spam by host has a
 * sample for each class, stage and direction, zeros too: a series that comes and goes cannot be
 * told from one that was not reported.
 */
#include "report/prometheus.h"

#include <stdlib.h>

static void
family(struct buf *b, const char *name, const char *help)
{
	buf_fmt(b, "# HELP spamsource_%s %s\n# TYPE spamsource_%s gauge\n", name, help, name);
}

static void
plain(struct buf *b, const char *name, const char *help, uint64_t n)
{
	family(b, name, help);
	buf_fmt(b, "spamsource_%s %llu\n", name, (unsigned long long)n);
}

static void
labelled(struct buf *b, const char *name, const char *label, const char *value, uint64_t n)
{
	buf_fmt(b, "spamsource_%s{%s=\"%s\"} %llu\n", name, label, value, (unsigned long long)n);
}

/* Visible first, so that only backslash and quote are left to escape. */
static void
label_text(struct buf *b, struct slice value)
{
	struct buf visible = { 0 };

	buf_visible(&visible, value);
	for (unsigned i = 0; i < visible.n; i++) {
		if (visible.p[i] == '\\' || visible.p[i] == '"')
			buf_chr(b, '\\');
		buf_chr(b, visible.p[i]);
	}
	buf_free(&visible);
}

/* Classes come in the order of the table of the text report. */
static unsigned
class_at(unsigned i)
{
	return (i + 1) % VERDICTS;
}

static void
by_class(struct buf *b, const char *name, const char *help, const uint64_t n[VERDICTS])
{
	family(b, name, help);
	for (unsigned i = 0; i < VERDICTS; i++)
		labelled(b, name, "class", verdict_name(class_at(i)), n[class_at(i)]);
}

struct host {			/* a sum of flows */
	struct slice name;
	uint64_t spam;
	uint64_t attempts[VERDICTS][STAGES][DIRECTIONS], accepted[VERDICTS][STAGES][DIRECTIONS];
};

static void
host_add(struct host *h, const struct flow *f)
{
	h->spam += f->attempts;
	h->attempts[f->verdict][f->stage][f->direction] += f->attempts;
	h->accepted[f->verdict][f->stage][f->direction] += f->accepted;
}

static int
by_spam(const void *a, const void *b)
{
	const struct host *x = a, *y = b;

	if (x->spam != y->spam)
		return x->spam > y->spam ? -1 : 1;
	return slice_cmp(x->name, y->name);
}

static int
by_name(const void *a, const void *b)
{
	return slice_cmp(((const struct host *)a)->name, ((const struct host *)b)->name);
}

/* Those of one host stand together. At most PROMETHEUS_HOSTS + 1; the caller frees. */
static struct host *
hosts_of(const struct summary *s, unsigned *n_r)
{
	struct host *host = NULL, others = { .name = SLICE("(others)") };
	unsigned n = 0, cap = 0;

	for (unsigned i = 0; i < s->flows; i++) {
		const struct flow *f = &s->flow[i];

		if (i == 0 || !slice_eq(f->host, host[n - 1].name)) {
			mem_grow(&host, &cap, n + 1, sizeof(*host));
			host[n++] = (struct host){ .name = f->host };
		}
		host_add(&host[n - 1], f);
	}
	if (n > PROMETHEUS_HOSTS) {
		qsort(host, n, sizeof(*host), by_spam);
		for (unsigned i = PROMETHEUS_HOSTS; i < n; i++) {
			const uint64_t *a = &host[i].attempts[0][0][0];
			const uint64_t *c = &host[i].accepted[0][0][0];

			for (int k = 0; k < VERDICTS * STAGES * DIRECTIONS; k++) {
				(&others.attempts[0][0][0])[k] += a[k];
				(&others.accepted[0][0][0])[k] += c[k];
			}
		}
		n = PROMETHEUS_HOSTS;
		qsort(host, n, sizeof(*host), by_name);
		host[n++] = others;	/* in the place of the first one left out */
	}
	*n_r = n;
	return host;
}

static void
host_samples(struct buf *b, const char *name, const struct host *h,
    const uint64_t n[VERDICTS][STAGES][DIRECTIONS])
{
	for (unsigned i = 0; i < VERDICTS; i++)
		for (unsigned stage = 0; stage < STAGES; stage++)
			for (unsigned d = 0; d < DIRECTIONS; d++) {
				buf_fmt(b, "spamsource_%s{class=\"%s\",stage=\"%s\","
				    "direction=\"%s\",host=\"", name, verdict_name(class_at(i)),
				    stage_name(stage), direction_name(d));
				label_text(b, h->name);
				buf_fmt(b, "\"} %llu\n",
				    (unsigned long long)n[class_at(i)][stage][d]);
			}
}

static void
spam(struct buf *b, const struct summary *s)
{
	unsigned n;
	struct host *host = hosts_of(s, &n);

	family(b, "spam_attempts", "Spam: messages and refused attempts.");
	for (unsigned i = 0; i < n; i++)
		host_samples(b, "spam_attempts", &host[i], host[i].attempts);
	family(b, "spam_accepted", "Spam that was accepted.");
	for (unsigned i = 0; i < n; i++)
		host_samples(b, "spam_accepted", &host[i], host[i].accepted);
	free(host);
}

static void
classes(struct buf *b, const struct summary *s)
{
	uint64_t lower[VERDICTS], upper[VERDICTS], sources[VERDICTS], own[VERDICTS];

	for (unsigned k = 0; k < VERDICTS; k++) {
		lower[k] = s->total[IN_ATTEMPTS][k][STAGES].lower;
		upper[k] = s->total[IN_ATTEMPTS][k][STAGES].upper;
		sources[k] = s->total[IN_SOURCES][k][STAGES].lower;
		own[k] = s->own_alarms[k];
	}
	by_class(b, "class_attempts_lower", "Spam attempts that are proven to be of the class.",
	    lower);
	by_class(b, "class_attempts_upper", "Spam attempts that may be of the class.", upper);
	by_class(b, "spam_sources", "Sources of spam, each by most of its spam.", sources);
	by_class(b, "own_alarms", "Accounts, scripts, relays and machines of our own to repair.",
	    own);
	by_class(b, "dnsbl_listed_attempts", "Spam attempts of clients that a DNSBL knew.",
	    s->listed);
	by_class(b, "dnsbl_refused_attempts", "Spam attempts refused because of a DNSBL.",
	    s->refused);
	family(b, "unattributed_attempts", "Spam attempts of no class, by reason.");
	for (unsigned r = REASON_NONE + 1; r < REASONS; r++)
		labelled(b, "unattributed_attempts", "reason", reason_name(r), s->reasons[r]);
}

static void
stops(struct buf *b, const struct summary *s)
{
	family(b, "stoppable_attempts", "Spam attempts by what would have stopped them.");
	for (unsigned i = 0; i < STOPS; i++)
		buf_fmt(b, "spamsource_stoppable_attempts{port25=\"%s\",dnsbl=\"%s\","
		    "provider=\"%s\"} %llu\n", i & STOP_PORT25 ? "true" : "false",
		    i & STOP_DNSBL ? "true" : "false", i & STOP_PROVIDER ? "true" : "false",
		    (unsigned long long)s->stops[i]);
}

/* What was attributed, is most likely, and may be; the 95 % interval. */
static void
measures(struct buf *b, const struct summary *s)
{
	static const char name[] = "countermeasure_attempts";

	family(b, name, "Spam attempts that a measure stops, or adds beside others.");
	for (unsigned i = 0; i < MEASURES; i++) {
		const struct estimate *e = &s->measures[IN_ATTEMPTS].of[i];
		const struct { const char *name; uint64_t n; } bound[] = { { "lower", e->lower },
			{ "corrected", e->corrected }, { "upper", e->upper }, { "low", e->low },
			{ "high", e->high } };

		for (int k = 0; k < 5; k++)
			buf_fmt(b, "spamsource_%s{measure=\"%s\",estimate=\"%s\"} %llu\n", name,
			    measure_name(i), bound[k].name, (unsigned long long)bound[k].n);
	}
}

static void
input(struct buf *b, const struct summary *s)
{
	static const char *const kind[] = { "recognised", "ignored", "unknown", "bad" };
	const struct correlate_counts *m = &s->run->messages;

	family(b, "lines", "Lines read, by what they were.");
	for (int i = 0; i < 4; i++)
		labelled(b, "lines", "kind", kind[i], s->run->lines[i]);
	family(b, "messages", "Messages, by whether the log has them whole.");
	labelled(b, "messages", "state", "complete", m->complete);
	labelled(b, "messages", "state", "open", m->open);
	labelled(b, "messages", "state", "forced", m->forced);
	plain(b, "attempts", "Messages and refused attempts, spam or not.", s->attempts);
	plain(b, "ham", "Wanted messages.", s->ham);
	plain(b, "suspected", "Refusals by policy that also hit wanted mail.", s->suspected);
	plain(b, "relay_probes", "Attempts to relay that were refused.", s->relay_probes);
	plain(b, "login_failures", "Failed logins.", s->login_failures);
	plain(b, "input_problems", "Inputs unreadable, cut or left out.", s->run->input_problems);
	plain(b, "exact", "0 when a limit was reached.", s->run->exact);
}

static void
times(struct buf *b, const struct summary *s, int64_t now)
{
	static const char first[] = "first_event_timestamp_seconds";
	static const char last[] = "last_event_timestamp_seconds";
	static const char made[] = "report_timestamp_seconds";

	if (s->has_span) {
		family(b, first, "First stamp of what was read.");
		buf_fmt(b, "spamsource_%s %lld\n", first, (long long)s->first);
		family(b, last, "Last stamp of what was read.");
		buf_fmt(b, "spamsource_%s %lld\n", last, (long long)s->last);
	}
	family(b, made, "When the report was made.");
	buf_fmt(b, "spamsource_%s %lld\n", made, (long long)now);
}

void
prometheus_report(const struct summary *s, int64_t now, struct buf *out)
{
	spam(out, s);
	classes(out, s);
	stops(out, s);
	measures(out, s);
	input(out, s);
	times(out, s, now);
}
