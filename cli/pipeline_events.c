/* Events of what does not stand in one line: see parser/correlate_part.c. */
#include "cli/pipeline_private.h"
#include "parser/daemons.h"
#include "parser/event_pack.h"

void
pipeline_complete(struct stream *s, struct correlate *c, int64_t since, int64_t until,
    struct event *ev)
{
	enum stream_before before;
	struct header h;
	struct event more;

	if (ev->type == EV_PART) {
		if (ev->ts >= since && ev->ts < until)
			correlate_part(c, ev);
		return;
	}
	before = stream_before(s, &h);
	if (before == STREAM_UNKNOWN)
		return;
	if (before == STREAM_LINE && h.from->host == ev->host &&
	    event_parse(&h, &more) == LINE_RECOGNISED && correlate_repeat(&more, ev->number)) {
		more.ts = ev->ts;
		*ev = more;
	} else {
		ev->type = EV_NONE;
	}
}

void
pipeline_note_last(struct lines_read *l, struct stream *s)
{
	for (unsigned i = 1; i <= stream_ends(s); i++) {
		struct event ev;
		struct header h;
		enum stream_before last = stream_last(s, i, &h);

		event_reset(&ev);
		ev.ts = 0;
		ev.host = ev.instance = ev.pid = 0;
		ev.mta = MTA_NONE;
		if (last == STREAM_LINE)
			event_parse(&h, &ev);
		if (last != STREAM_UNKNOWN)
			event_pack(&ev, &l->last_events);
	}
}
