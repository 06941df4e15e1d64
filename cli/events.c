/* See events.h. */
#include "cli/events.h"

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
