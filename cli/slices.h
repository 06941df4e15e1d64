/*
 * slices: the logs of a run cut into slices of their stream, to be read at the same time.
 *
 * One large plain log is cut between two of its lines. A stamp without year gets its year from the
 * lines before it, which a slice does not have: so such a log is cut only when its months go
 * forward from slice to slice; then all have the first one's year.
 *
 * Several logs are cut between those that end before all others begin. Where a compressed one ends
 * is not known before it was read; it is taken to end where the next one in its rotation begins,
 * and slices_hold() tells afterwards.
 */
#ifndef CLI_SLICES_H
#define CLI_SLICES_H

#include "cli/config.h"
#include "cli/options.h"

enum { SLICES_MAX = 64 };

struct log_span {		/* as stream_span() */
	int64_t first, last;
};

struct log_slice {
	const char *const *file;
	struct log_span *span;	/* of each file, of who has read it; NULL: nobody asks */
	unsigned files;
	uint64_t from, to;	/* bytes of the only file; 0, 0: all */
	int year;		/* of its first stamp without one; 0: not known */
};

struct slices {
	struct log_slice item[SLICES_MAX];	/* in order of the stream */
	unsigned n;
	const char **file;
	struct log_span *span;
};

/*
 * At most so many; 0: as many as there are processors, where they are worth it. False: there is
 * nothing to cut, or no place. To be freed in any case.
 */
bool slices_cut(struct slices *s, const char *const *file, unsigned files, unsigned most,
    const struct config *c, const struct options *o);
/* All were read: was the order that of one reading of all? */
bool slices_hold(const struct slices *s);
void slices_free(struct slices *s);
unsigned slices_processors(void);	/* that we may use */

#endif
