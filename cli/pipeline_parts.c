/*
 * Parts in a reading: sections of their content, what makes one unusable, and how the logs that
 * were given beside them become one more piece.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/domain.h"
#include "classify/state_fold.h"
#include "cli/pipeline_private.h"
#include "cli/writer.h"
#include "report/dump_part.h"
#include "report/part_file.h"

enum { SECTION_META = 1, SECTION_STATE, SECTION_PIECES, SECTION_EVENTS };

bool
is_part(const char *path)
{
	char head[PART_MAGIC];
	off_t size;
	bool yes;
	int fd;

	/* a FIFO must not be opened twice: its writer would see the first end */
	if (!is_regular(path, &size) || (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	yes = read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) &&
	    part_is((struct slice){ head, sizeof(head) });
	close(fd);
	return yes;
}

struct part {			/* read and checked, but for the state and the pieces */
	struct buf content;
	struct part_meta meta;
	struct slice packed_meta, state, pieces, events;	/* of content */
	bool has_events;
	uint64_t bytes;			/* of the file */
};

enum { PART_DAMAGED = -1, PART_FOREIGN = -2 };

/* 0; PART_DAMAGED; PART_FOREIGN, made with other rules. To be closed in any case. */
static int
part_open(const struct pipeline *p, const char *path, struct part *x, struct problem *why)
{
	struct slice file;
	int rc;

	*x = (struct part){ .bytes = 0 };
	if (file_read(path, PART_CONTENT_MAX, &file, why) == -1)
		return PART_DAMAGED;
	x->bytes = file.n;
	rc = part_unpack(path, file, &x->content, why);
	free((char *)file.p);
	if (rc == -1)
		return PART_DAMAGED;
	part_find(&x->content, SECTION_META, &x->packed_meta);
	part_find(&x->content, SECTION_STATE, &x->state);
	part_find(&x->content, SECTION_PIECES, &x->pieces);
	x->has_events = part_find(&x->content, SECTION_EVENTS, &x->events);
	if (meta_unpack(path, x->packed_meta, &x->meta, why) == -1)
		return PART_DAMAGED;
	return meta_check(path, &x->meta, p->config->match_hash, why) == -1 ? PART_FOREIGN : 0;
}

static void
part_close(struct part *x)
{
	meta_free(&x->meta);
	buf_free(&x->content);
}

/* Its pieces and its state: PART_DAMAGED, and nothing was added. */
static int
part_take(
    struct pipeline *p, const char *path, const struct part *x, struct pieces *pieces,
    struct problem *why)
{
	unsigned before = pieces->n;
	struct state_numbers signature;

	if (pieces_unpack(pieces, p->names, x->pieces) == -1) {
		problem_set(why, "%s: damaged part: its pieces", path);
		return PART_DAMAGED;
	}
	if (state_unpack_numbered(&p->classifier, x->state, &signature, why) == -1) {
		pieces_drop(pieces, before);
		problem_set(why, "%s: damaged part: its state", path);
		return PART_DAMAGED;
	}
	if (p->events.spool != NULL && x->has_events &&
	    events_unpack(&p->events, p->names, &signature, p->kept, x->events) == -1) {
		if (!p->trial)
			warn("%s: damaged part: its events; some are left out", path);
		p->facts.input_problems++;
	}
	free(signature.number);
	return p->trial && p->facts.input_problems ? PART_DAMAGED : 0;
}

/*
 * Events are of all or of none: jsonl cannot do without those of a part, and a part made of parts
 * has them when all had. -1: they are missing.
 */
static int
check_events(struct pipeline *p, const char *path, const struct part *x)
{
	if (p->events.spool == NULL || x->has_events)
		return 0;
	if (p->trial)
		return -1;
	if (!options_write_part(p->options)) {
		warn("%s: a part keeps counts, not the single events that jsonl asks for, unless "
		    "it was made with map --events; give the logs", path);
		return -1;
	}
	events_close(&p->events);
	return 0;
}

/* The whole hours that --since and --until touch. */
static struct hour_range
hours_asked(const struct config *c)
{
	struct hour_range kept = { 0, 0 };

	if (!c->has_since && !c->has_until)
		return kept;
	kept.from = c->has_since ? utc_stamp(c->since) / UTC_HOUR : 0;
	kept.to = (c->has_until ? utc_stamp(c->until - 1) : UINT32_MAX) / UTC_HOUR + 1;
	return kept;
}

/* A part without any hour that is asked for has no messages for us. */
static void
select_facts(const struct pipeline *p, struct part_meta *m)
{
	bool touched = p->kept.to == 0;

	for (unsigned i = 0; i < m->places; i++)
		touched |= m->place[i].first <= m->place[i].last &&
		    utc_stamp(m->place[i].last) / UTC_HOUR >= p->kept.from &&
		    utc_stamp(m->place[i].first) / UTC_HOUR < p->kept.to;
	if (touched)
		return;
	m->facts.selected = 0;
	m->facts.repeated = 0;
	m->facts.messages = (struct correlate_counts){ .total = 0 };
}

/* As part_open(). One that was counted already is skipped. */
static int
add_part(struct pipeline *p, const char *path, struct problem *why)
{
	const struct part_input *twin;
	struct part x;
	int rc = part_open(p, path, &x, why);

	if (rc == 0 && (twin = meta_twin(&x.meta, &p->meta)) != NULL && p->trial) {
		rc = PART_DAMAGED;
	} else if (rc == 0 && twin != NULL) {
		warn("%s: %s was counted already; this part is skipped", path, twin->name);
		p->meta.facts.same_inputs++;
	} else if (rc == 0 && (rc = check_events(p, path, &x)) == -1) {
		rc = PART_FOREIGN;
	} else if (rc == 0 && (rc = part_take(p, path, &x, &p->pieces, why)) == 0) {
		unsigned n = x.meta.facts.input_problems;

		if (n > 0)
			warn("%s: %u %s unreadable or cut when it was mapped", path, n,
			    n == 1 ? "input was" : "inputs were");
		select_facts(p, &x.meta);
		meta_merge(&p->meta, &x.meta);
	}
	part_close(&x);
	return rc;
}

/* Logs that a part has counted. */
static void
drop_counted(struct pipeline *p)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < p->n_files; i++) {
		off_t size;
		uint64_t hash = is_regular(p->files[i], &size) ? content_hash(p->files[i]) : 0;
		bool counted = false;

		for (unsigned k = 0; k < p->meta.inputs && hash != 0; k++)
			counted |= (p->meta.input[k].hash | 1) == hash;
		if (counted) {
			warn("%s: a part has counted it already; skipped", p->files[i]);
			p->facts.same_inputs++;
			continue;
		}
		p->files[kept++] = p->files[i];
	}
	p->n_files = kept;
}

static bool
wants_events(const struct pipeline *p, const struct sink *sink)
{
	return p->n_parts > 0 && sink != NULL && (sink->line != NULL || sink->message != NULL);
}

/* For merge: a log is a mistake (-1), a file that is not there an input less. */
static int
only_parts(struct pipeline *p)
{
	struct problem why;

	for (unsigned i = 0; i < p->n_files; i++) {
		struct input *in = input_open(p->files[i], &why);

		if (in != NULL) {
			input_close(in);
			warn("%s: not a part", p->files[i]);
			return -1;
		}
		warn("%s", why.text);
		p->facts.input_problems++;
	}
	p->n_files = 0;
	return 0;
}

int
pipeline_add_parts(struct pipeline *p, const char *const *part, unsigned n)
{
	struct problem why;
	int rc = 0;

	for (unsigned i = 0; i < n && rc != PART_FOREIGN; i++) {
		why.text[0] = '\0';
		rc = add_part(p, part[i], &why);
		if (rc != 0 && p->trial)
			return -1;
		if (rc != 0 && why.text[0] != '\0')
			warn("%s", why.text);
		p->facts.input_problems += rc == PART_DAMAGED;	/* one input less */
	}
	return rc == PART_FOREIGN ? -1 : 0;
}

int
pipeline_load_parts(struct pipeline *p, const struct sink *sink)
{
	int rc = 0;

	if (wants_events(p, sink)) {
		warn("%s: a part keeps counts, not the single events that this asks for; "
		    "give the logs", p->parts[0]);
		return -1;
	}
	if (p->n_parts > 0)
		p->classifier.state.kept = p->kept = hours_asked(p->config);
	if (p->options->command == COMMAND_MERGE && only_parts(p) == -1)
		return -1;
	if (!pipeline_parts_threads(p))
		rc = pipeline_add_parts(p, p->parts, p->n_parts);
	if (p->n_parts > 0)
		drop_counted(p);
	return rc;
}

/* Those that wrote lines. */
static unsigned
keep_hosts(struct piece_host *host, unsigned n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++)
		if (host[i].first != INT64_MAX)
			host[kept++] = host[i];
	return kept;
}

void
pipeline_add_logs(struct pipeline *p, struct correlate *c, const struct stream *s,
    const struct lines_read *lines)
{
	struct part_meta meta = { .match_hash = p->config->match_hash, .facts = p->facts };
	uint64_t bytes, hash;
	struct edge edge = { .any = false };
	struct piece *piece;

	for (unsigned i = 0; i < p->n_files && !lines->slice; i++)
		if (stream_identity(s, i, &bytes, &hash))
			meta_add_input(&meta, p->files[i], bytes, hash);
	meta_set_place(&meta, p->options->has_seq ? &p->options->seq : NULL, lines->least,
	    lines->most);
	meta_set_text(&meta, META_PROGRAM, SLICE(VERSION));
	meta_set_text(&meta, META_SUFFIX_LIST, slice_of(domain_data_version()));
	meta_set_text(&meta, META_ZONE, slice_of(p->config->zone.name));
	if (c != NULL)
		correlate_cut(c, &edge);
	piece = pieces_add(&p->pieces, &meta.place[0], names_count(p->names), lines->host,
	    keep_hosts(lines->host, lines->hosts), &edge);
	piece->first_line = lines->first;
	piece->last_line = lines->last;
	piece->odd = lines->odd;
	memcpy(piece->end, lines->end, sizeof(piece->end));
	piece->last = lines->last_events;
	p->facts = (struct run_facts){ .zone = p->facts.zone };
	meta_merge(&p->meta, &meta);
	meta_free(&meta);
}

struct context {
	struct pipeline *p;
	const struct sink *sink;
};

static void
take(void *context, struct correlate *c)
{
	struct context *x = context;

	take_messages(x->p, c, x->sink);
	observe_end(&x->p->classifier);
}

/*
 * What pieces held back is of their first minutes, and comes when the hours of all of them are in
 * the state, up to a year behind the newest: so it is counted aside, and united once.
 */
struct aside {
	struct state state;
	struct events events;
};

static void
put_aside(struct pipeline *p, struct aside *x)
{
	*x = (struct aside){ p->classifier.state, p->events };
	p->classifier.state = (struct state){ .most = x->state.most };
	p->classifier.memories = (struct memories){ .thins = 0 };
	p->events = (struct events){ .spool = NULL };
	if (x->events.spool != NULL)
		events_open(&p->events, x->events.suspected);
}

static void
unite(struct pipeline *p, struct aside *x)
{
	uint32_t *signature = state_map_signatures(&x->state, &p->classifier.state, NULL);
	uint32_t hosts = names_count(p->names), *host = mem_alloc((hosts + 1ul) * sizeof(*host));
	struct hour_range kept = x->state.kept;

	for (uint32_t i = 0; i < hosts; i++)
		host[i] = i;
	if (x->events.spool != NULL)
		events_move(&x->events, &p->events, signature, host);
	x->state.kept.to = 0;	/* no more was counted */
	state_merge(&x->state, &p->classifier.state, NULL);
	x->state.kept = kept;
	p->classifier.state = x->state;
	p->classifier.memories = (struct memories){ .thins = x->state.thins };
	p->events = x->events;
	free(signature);
	free(host);
}

/* What the parts had selected, and what of it is asked for. */
static void
narrow(struct run_facts *f, const struct config *c)
{
	if (c->has_since && (!f->has_since || f->since < c->since))
		f->since = c->since;
	if (c->has_until && (!f->has_until || f->until > c->until))
		f->until = c->until;
	f->has_since |= c->has_since;
	f->has_until |= c->has_until;
}

void
pipeline_end_pieces(struct pipeline *p, const struct sink *sink, struct correlate *begun)
{
	struct context context = { p, sink };
	struct pieces_sums sums;
	struct run_facts *f = &p->facts, here = *f;
	struct aside aside;

	*f = p->meta.facts;
	f->zone = here.zone;
	f->input_problems += here.input_problems;
	f->same_inputs += here.same_inputs;
	f->exact = true;
	f->own_networks = p->config->own.networks.n > 0;
	f->own_domains = p->config->own.domains > 0;
	f->last_host = names_count(p->names) - 1;
	narrow(f, p->config);
	if (options_write_part(p->options))
		return;
	put_aside(p, &aside);
	if (pieces_read(&p->pieces, begun, &(struct pieces_taker){ &context, take }, &sums) ==
	    -1) {
		warn("a part is damaged: what it held back is incomplete");
		f->input_problems++;
	}
	unite(p, &aside);
	correlate_counts_add(&f->messages, sums.counts);
	f->backwards += (unsigned)sums.backwards;
	f->lines[LINE_RECOGNISED] += sums.continued;
	f->lines[LINE_BAD] -= sums.continued;
	memcpy(f->sample, sums.sample, sizeof(f->sample));
	memcpy(f->samples, sums.samples, sizeof(f->samples));
}

static int
dump_one(struct pipeline *p, const char *path, struct buf *out, struct problem *why)
{
	struct pieces pieces = { .n = 0 };
	struct part x;
	int rc = part_open(p, path, &x, why);

	if (rc == 0 && (rc = part_take(p, path, &x, &pieces, why)) == 0) {
		struct part_sizes sizes = { x.bytes, x.content.n, x.packed_meta.n, x.state.n,
			x.pieces.n, x.events.n };

		dump_part(path, &sizes, &x.meta, &pieces, &p->classifier.state, out);
		state_free(&p->classifier.state);
	}
	pieces_free(&pieces);
	part_close(&x);
	return rc;
}

int
pipeline_dump_parts(struct pipeline *p, struct buf *out)
{
	struct problem why;
	int rc = 0;

	for (unsigned i = 0; i < p->n_files; i++) {
		warn("%s: not a part", p->files[i]);
		rc = 1;
	}
	for (unsigned i = 0; i < p->n_parts; i++)
		if (dump_one(p, p->parts[i], out, &why) != 0) {
			warn("%s", why.text);
			rc = 1;
		}
	return rc;
}

int
pipeline_write_part(struct pipeline *p, const char *path, struct problem *why)
{
	struct buf content = { 0 }, file = { 0 };
	struct state_numbers place;
	struct writer w;
	unsigned at;
	int rc;

	p->meta.facts = p->facts;
	at = part_section_begin(&content, SECTION_META);
	meta_pack(&p->meta, &content);
	part_section_end(&content, at);
	at = part_section_begin(&content, SECTION_STATE);
	state_pack_numbered(&p->classifier, &content, &place);
	part_section_end(&content, at);
	at = part_section_begin(&content, SECTION_PIECES);
	pieces_pack(&p->pieces, p->names, &content);
	part_section_end(&content, at);
	if (p->events.spool != NULL) {
		at = part_section_begin(&content, SECTION_EVENTS);
		events_pack(&p->events, p->names, place.number, &content);
		part_section_end(&content, at);
	}
	free(place.number);
	rc = p->events.failed ? problem_set(why, "%s", p->events.why.text) :
	    part_pack(&content, &file, why);
	buf_free(&content);
	if (rc == 0 && (rc = writer_open(&w, path, why)) == 0) {
		rc = writer_add(&w, buf_slice(&file), why);
		if (rc == 0)
			rc = writer_close(&w, why);
		else
			writer_drop(&w);
	}
	buf_free(&file);
	return rc;
}
