/*
 * evaluate: how right a run's verdicts are, measured on rows of a truth table (truth.h).
 *
 * A row and an event of the log belong together, one to one, by the queue id; else the message-id
 * within 30 s; else the client's address within 120 s; the nearest in time first. What the program
 * counts once (retries of an attempt) takes the rows of its repetitions with it: they are counted
 * apart.
 *
 * Beside it, on the same events: what simpler ways would say (judge.h, struct baselines).
 */
#ifndef REPORT_EVALUATE_H
#define REPORT_EVALUATE_H

#include "base/buf.h"
#include "classify/judge.h"
#include "report/truth.h"

struct evaluate;

struct evaluate *evaluate_open(void);
void evaluate_close(struct evaluate *e);
/* A message or attempt of the run, copied. */
void evaluate_add(struct evaluate *e, const struct message *m, const struct observation *o);
/*
 * Once, after the run. Texts of t must outlive e. suspected: what is suspected only counts as
 * spam, too.
 */
void evaluate_finish(struct evaluate *e, const struct classifier *cl, struct judge *j,
    const struct truth *t, bool suspected);
/* top: the longest list of mistakes. JSON: schema spamsource.evaluation/1. */
void evaluate_text(const struct evaluate *e, struct buf *out, unsigned top);
void evaluate_json(const struct evaluate *e, struct buf *out, unsigned top);

#endif
