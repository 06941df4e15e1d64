/*
 * jsonl: one JSON object per spam event, schema spamsource.verdict/1
 * (report/verdict-1.schema.json).
 *
 * An event is packed when it is read (jsonl_record.h) and written when its verdict is known, at the
 * end.
 */
#ifndef REPORT_JSONL_H
#define REPORT_JSONL_H

#include "classify/judge.h"
#include "report/jsonl_record.h"
#include "report/pseudonym.h"

/*
 * Appends the record's line with LF to out and returns 1; 0 when it is no spam event after all.
 * *ts_r is its time, for the sort.
 */
int jsonl_line(const struct classifier *cl, struct judge *j, const struct pseudonym *y,
    struct slice record, bool suspected, struct buf *out, int64_t *ts_r);
/* The attribution's evidence as a JSON array. */
void jsonl_evidence(const struct ruleset *rs, const struct attribution *a, struct buf *out);

#endif
