/* See evaluate_command.h. */
#include "cli/evaluate_command.h"

#include <stdlib.h>

#include "cli/writer.h"
#include "report/evaluate.h"

enum { FAILED_USAGE = 2, FAILED_WRITE = 3, TRUTH_BYTES_MAX = 1 << 30 };

int
labels_load(struct labels *l, const char *path, struct problem *p)
{
	*l = (struct labels){ 0 };
	if (file_read(path, TRUTH_BYTES_MAX, &l->bytes, p) == -1)
		return -1;
	return truth_parse(&l->truth, path, l->bytes, p);
}

void
labels_free(struct labels *l)
{
	truth_free(&l->truth);
	free((void *)l->bytes.p);
}

static void
take_message(void *context, const struct message *m, const struct observation *o)
{
	evaluate_add(context, m, o);
}

static int
write_evaluation(const struct evaluate *e, const struct output *out, unsigned top)
{
	struct problem why;
	struct writer w;
	struct buf b = { 0 };
	int rc;

	if (out->format == FORMAT_JSON)
		evaluate_json(e, &b, top);
	else
		evaluate_text(e, &b, top);
	rc = writer_open(&w, out->path, &why);
	if (rc == 0 && (rc = writer_add(&w, buf_slice(&b), &why)) == -1)
		writer_drop(&w);
	if (rc == 0)
		rc = writer_close(&w, &why);
	if (rc == -1)
		warn("%s", why.text);
	buf_free(&b);
	return rc == 0 ? 0 : FAILED_WRITE;
}

int
evaluate_command(struct pipeline *p, const struct labels *l)
{
	struct evaluate *e;
	struct sink sink = { .message = take_message };
	struct judge *j;
	int rc = 0;

	if (p->n_parts > 0) {
		warn("%s: a part holds counts, no single messages: evaluate needs the logs",
		    p->parts[0]);
		return FAILED_USAGE;
	}
	sink.context = e = evaluate_open();
	pipeline_run(p, &sink);		/* without parts it cannot fail */
	j = judge_open(&p->classifier);
	evaluate_finish(e, &p->classifier, j, &l->truth, p->options->suspected);
	for (unsigned i = 0; i < p->options->outputs && rc == 0; i++)
		rc = write_evaluation(e, &p->options->output[i], p->options->top);
	judge_close(j);
	evaluate_close(e);
	return rc;
}
