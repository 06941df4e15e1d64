/*
 * json: the report for programs, schema spamsource.report/1: see report-1.schema.json.
 *
 * One object, a newline at its end. Fixed order of keys; unknown fields are left out, never null;
 * new ones come at the end of their object. Times in UTC; valid UTF-8 whatever strangers wrote.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/summary.h"

void json_report(const struct summary *s, struct buf *out);

#endif
