/* See writer.h. */
#define _GNU_SOURCE
#include "cli/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int
failed(const struct writer *w, struct problem *p)
{
	return problem_set(p, "%s: %s", w->path ? w->path : "standard output",
	    errno ? strerror(errno) : "write error");
}

int
writer_open(struct writer *w, const char *path, struct problem *p)
{
	struct stat st;

	*w = (struct writer){ .fd = -1 };
	if (path == NULL || slice_eq(slice_of(path), SLICE("-")))
		return 0;
	w->path = path;
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
		return w->fd == -1 ? failed(w, p) : 0;
	}
	if (snprintf(w->temporary, sizeof(w->temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(w->temporary)) {
		w->temporary[0] = '\0';
		errno = ENAMETOOLONG;
		return failed(w, p);
	}
	w->fd = mkostemp(w->temporary, O_CLOEXEC);
	if (w->fd == -1) {
		w->temporary[0] = '\0';
		return failed(w, p);
	}
	return 0;
}

int
writer_add(struct writer *w, struct slice bytes, struct problem *p)
{
	errno = 0;
	if (bytes.n == 0)
		return 0;
	if (w->path == NULL)
		return fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n ? 0 : failed(w, p);
	while (bytes.n > 0) {
		ssize_t n = write(w->fd, bytes.p, bytes.n);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(w, p);
		bytes = slice_skip(bytes, (size_t)n);
	}
	return 0;
}

void
writer_drop(struct writer *w)
{
	if (w->fd != -1)
		close(w->fd);
	if (w->temporary[0])
		unlink(w->temporary);
	w->fd = -1;
	w->temporary[0] = '\0';
}

/*
 * The new name itself is on disk only when its directory is. Who may not read that, or has a file
 * system without this, cannot be helped.
 */
static int
sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	int fd, rc;

	if (dir == NULL)
		die_nomem();
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd == -1)
		return 0;
	rc = fsync(fd) == -1 && errno != EINVAL && errno != ENOTSUP ? -1 : 0;
	close(fd);
	return rc;
}

int
writer_close(struct writer *w, struct problem *p)
{
	mode_t mask = umask(0);

	umask(mask);
	errno = 0;
	if (w->path == NULL)
		return fflush(stdout) == 0 ? 0 : failed(w, p);
	if (w->temporary[0] && (fchmod(w->fd, 0640 & ~mask) == -1 || fsync(w->fd) == -1 ||
	    rename(w->temporary, w->path) == -1)) {
		failed(w, p);
		writer_drop(w);
		return -1;
	}
	if (w->temporary[0] && sync_directory(w->path) == -1) {
		failed(w, p);
		w->temporary[0] = '\0';	/* it has its name */
		writer_drop(w);
		return -1;
	}
	w->temporary[0] = '\0';
	if (close(w->fd) == -1) {
		w->fd = -1;
		return failed(w, p);
	}
	w->fd = -1;
	return 0;
}
