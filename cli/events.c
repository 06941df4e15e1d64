/* See events.h. */
#include "cli/events.h"

#include <stdlib.h>

#include "base/utc.h"
#include "classify/state_select.h"

enum { HOST_BYTES = 4096, RECORD_BYTES = 12 };	/* at most, at least */

void
events_open(struct events *e, bool suspected)
{
	*e = (struct events){ .spool = spool_open(), .suspected = suspected };
}

void
events_close(struct events *e)
{
	spool_close(e->spool);
	buf_free(&e->record);
	*e = (struct events){ .spool = NULL };
}

void
events_add(struct events *e, const struct classifier *cl, const struct message *m,
    const struct observation *o)
{
	if (e->failed || !jsonl_wants(cl, o, e->suspected))
		return;
	jsonl_pack(cl, m, o, &e->record);
	e->failed = spool_add(e->spool, buf_slice(&e->record), &e->why) == -1;
}

void
events_move(struct events *e, struct events *from, const uint32_t *signature,
    const uint32_t *host)
{
	struct slice record;
	int rc = 0;

	if (from->failed && !e->failed) {
		e->failed = true;
		e->why = from->why;
	}
	if (!e->failed)
		rc = spool_rewind(from->spool, &e->why);
	while (!e->failed && rc == 0 && (rc = spool_next(from->spool, &record, &e->why)) == 1) {
		e->record.n = 0;
		buf_add(&e->record, record);
		jsonl_record_renumber(&e->record, signature, host);
		rc = spool_add(e->spool, buf_slice(&e->record), &e->why);
	}
	e->failed |= rc == -1;
	events_close(from);
}

void
events_pack(struct events *e, const struct names *names, const uint32_t *signature,
    struct buf *out)
{
	uint32_t n = names_count(names);
	struct slice record;

	pack_u(out, n);
	for (uint32_t i = 0; i < n; i++)
		pack_bytes(out, names_text(names, i));
	pack_u(out, spool_count(e->spool));
	e->failed |= spool_rewind(e->spool, &e->why) == -1;
	for (int rc = 1; !e->failed && rc == 1;) {
		rc = spool_next(e->spool, &record, &e->why);
		e->failed = rc == -1;
		if (rc == 1)
			jsonl_record_travel(record, signature, out);
	}
}

int
events_unpack(struct events *e, struct names *names, const struct state_numbers *signature,
    struct hour_range kept, struct slice bytes)
{
	struct unpack u = { .rest = bytes };
	uint64_t n = unpack_count(&u, 1);
	uint32_t *host = mem_alloc((n + 1) * sizeof(*host));
	struct jsonl_numbers numbers = { signature->number, host, signature->n, (uint32_t)n };

	for (uint64_t i = 0; i < n && !u.bad; i++) {
		struct slice name = unpack_bytes(&u);

		u.bad |= name.n > HOST_BYTES || (name.n == 0) != (i == 0);
		host[i] = u.bad ? 0 : names_id(names, name);
	}
	for (n = unpack_count(&u, RECORD_BYTES); n > 0 && !u.bad; n--) {
		jsonl_record_arrive(&u, &numbers, &e->record);
		if (!u.bad && !e->failed &&
		    hours_hold(kept, utc_stamp(jsonl_record_time(&e->record)) / UTC_HOUR))
			e->failed = spool_add(e->spool, buf_slice(&e->record), &e->why) == -1;
	}
	free(host);
	return u.bad || u.rest.n > 0 ? -1 : 0;
}
