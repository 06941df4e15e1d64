/* See dump_part.h: "key value" lines; names of inputs are strangers' bytes. */
#include "report/dump_part.h"

#include <inttypes.h>

#include "base/utc.h"

static void
number(struct buf *out, const char *key, uint64_t n)
{
	buf_fmt(out, "%s %" PRIu64 "\n", key, n);
}

static void
text(struct buf *out, const char *key, struct slice value)
{
	buf_fmt(out, "%s ", key);
	buf_visible(out, value);
	buf_chr(out, '\n');
}

static void
stamp(struct buf *out, int64_t ts)
{
	char at[UTC_TEXT];

	utc_format(ts, at);
	buf_fmt(out, " %s", at);
}

static void
dump_place(const struct part_place *p, struct buf *out)
{
	buf_str(out, "place");
	if (p->has_seq)
		buf_fmt(out, " seq %" PRIu64, p->seq);
	if (p->first <= p->last) {
		stamp(out, p->first);
		stamp(out, p->last);
	}
	buf_chr(out, ' ');
	buf_visible(out, slice_of(p->name));
	buf_chr(out, '\n');
}

static void
dump_facts(const struct run_facts *f, struct buf *out)
{
	buf_fmt(out, "lines %" PRIu64 " recognised %" PRIu64 " ignored %" PRIu64 " unknown %" PRIu64
	    " bad\n", f->lines[LINE_RECOGNISED], f->lines[LINE_IGNORED], f->lines[LINE_UNKNOWN],
	    f->lines[LINE_BAD]);
	buf_fmt(out, "messages %" PRIu64 " settled: %" PRIu64 " complete %" PRIu64 " open %" PRIu64
	    " forced\n", f->messages.total, f->messages.complete, f->messages.open,
	    f->messages.forced);
	if (f->input_problems)
		number(out, "input-problems", f->input_problems);
	if (f->backwards)
		number(out, "backwards", f->backwards);
}

static void
dump_state(const struct state *st, struct buf *out)
{
	static const char *const kind[SOURCE_KINDS] = { "clients", "accounts", "scripts",
		"domains", "verdicts-alone", "rest" };
	uint64_t n[SOURCE_KINDS] = { 0 }, hours = st->hours;

	for (unsigned i = 0; i < st->sources; i++) {
		n[st->source[i].kind]++;
		hours += st->source[i].bag != 0;
	}
	for (int k = 0; k < SOURCE_KINDS; k++)
		if (k != SOURCE_REST || n[k] > 0)
			number(out, kind[k], n[k]);
	number(out, "signatures", st->signatures);
	number(out, "hours", hours);
	number(out, "sets", st->sides);
	number(out, "attempts", st->attempts);
}

void
dump_part(const char *path, const struct part_sizes *sizes, const struct part_meta *m,
    const struct pieces *x, const struct state *st, struct buf *out)
{
	text(out, "part", slice_of(path));
	text(out, "program", slice_of(m->text[META_PROGRAM]));
	buf_fmt(out, "match-hash %016" PRIx64 "\n", m->match_hash);
	text(out, "suffix-list", slice_of(m->text[META_SUFFIX_LIST]));
	text(out, "zone", slice_of(m->text[META_ZONE]));
	for (unsigned i = 0; i < m->places; i++)
		dump_place(&m->place[i], out);
	for (unsigned i = 0; i < m->inputs; i++) {
		buf_fmt(out, "input %" PRIu64 " bytes %016" PRIx64 " ", m->input[i].bytes,
		    m->input[i].hash);
		buf_visible(out, slice_of(m->input[i].name));
		buf_chr(out, '\n');
	}
	dump_facts(&m->facts, out);
	dump_state(st, out);
	for (unsigned i = 0; i < x->n; i++)
		buf_fmt(out, "piece %u hosts %u bytes held %u bytes context\n", x->item[i].hosts,
		    x->item[i].edge.held.n, x->item[i].edge.context.n);
	buf_fmt(out, "bytes %" PRIu64 " of file %" PRIu64 " of content: %" PRIu64 " meta %" PRIu64
	    " state %" PRIu64 " pieces %" PRIu64 " events\n", sizes->file, sizes->content,
	    sizes->meta, sizes->state, sizes->pieces, sizes->events);
}
