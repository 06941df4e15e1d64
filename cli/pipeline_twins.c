/*
 * The same content given twice (a copy of the day, plain and compressed) is read once. Only files
 * whose first lines are equal are compared whole; small ones are let through, as two small logs
 * may be equal by chance.
 */
#include "cli/pipeline_private.h"

#include <stdlib.h>
#include <sys/stat.h>

uint64_t
content_hash(const char *path)
{
	struct input *in = input_open(path, NULL);
	struct slice line;
	uint64_t hash = 0, bytes = 0;
	bool overlong;

	if (in == NULL)
		return 0;
	while (input_line(in, &line, &overlong, NULL) == 1)
		bytes += line.n + 1;
	if (bytes >= TWIN_BYTES)
		hash = input_hash(in) | 1;
	input_close(in);
	return hash;
}

/* The first decoded line and the decoded size class decide whether a comparison is worth it. */
static uint64_t
first_line_hash(const char *path)
{
	struct input *in = input_open(path, NULL);
	struct slice line;
	uint64_t hash = 0;
	bool overlong;

	if (in == NULL)
		return 0;
	if (input_line(in, &line, &overlong, NULL) == 1)
		hash = hash_fixed(line, 9) | 1;
	input_close(in);
	return hash;
}

bool
is_regular(const char *path, off_t *size_r)
{
	struct stat st;

	if (slice_eq(slice_of(path), SLICE("-")) || stat(path, &st) == -1 || !S_ISREG(st.st_mode))
		return false;
	*size_r = st.st_size;
	return true;
}

void
drop_twins(struct pipeline *p)
{
	uint64_t *first = mem_alloc((p->n_files + 1) * sizeof(*first));
	unsigned kept = 0;
	off_t size;

	for (unsigned i = 0; i < p->n_files; i++) {
		bool twin = false;

		first[kept] = is_regular(p->files[i], &size) ? first_line_hash(p->files[i]) : 0;
		for (unsigned k = 0; k < kept && first[kept] && !twin; k++) {
			uint64_t hash = first[k] == first[kept] ? content_hash(p->files[k]) : 0;

			twin = hash != 0 && hash == content_hash(p->files[i]);
		}
		if (twin) {
			warn("%s: the same content was given already; skipped", p->files[i]);
			p->facts.same_inputs++;
			continue;
		}
		p->files[kept++] = p->files[i];
	}
	p->n_files = kept;
	free(first);
}
