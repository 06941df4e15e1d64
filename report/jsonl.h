/*
 * jsonl: one JSON object per spam event, schema spamsource.verdict/1
 * (report/verdict-1.schema.json).
 *
 * An event is packed when it is read and written when its verdict is known, at the end. Only what
 * can become a spam event is worth packing: see jsonl_wants().
 */
#ifndef REPORT_JSONL_H
#define REPORT_JSONL_H

#include "base/buf.h"
#include "classify/judge.h"

/* Spam; mail of our own side, which behaviour or relay may turn into spam; suspected if asked. */
bool jsonl_wants(const struct classifier *cl, const struct observation *o, bool suspected);
/* Replaces out by the packed record. */
void jsonl_pack(const struct message *m, const struct observation *o, struct buf *out);
/*
 * Appends the record's line with LF to out and returns 1; 0 when it is no spam event after all.
 * *ts_r is its time, for the sort.
 */
int jsonl_line(const struct classifier *cl, struct judge *j, struct slice record, bool suspected,
    struct buf *out, int64_t *ts_r);
/* The attribution's evidence as a JSON array. */
void jsonl_evidence(const struct ruleset *rs, const struct attribution *a, struct buf *out);

#endif
