/* dump_part: a part as text, for people who wonder what is in one. */
#ifndef REPORT_DUMP_PART_H
#define REPORT_DUMP_PART_H

#include "classify/observe.h"
#include "report/pieces.h"

struct part_sizes {
	uint64_t file, content, meta, state, pieces, events;	/* bytes */
};

/* st: what was unpacked of this part alone. */
void dump_part(const char *path, const struct part_sizes *sizes, const struct part_meta *m,
    const struct pieces *x, const struct state *st, struct buf *out);

#endif
