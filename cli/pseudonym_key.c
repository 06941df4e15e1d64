/* See pseudonym_key.h. What is checked is the file that is open, not the name. */
#define _GNU_SOURCE
#include "cli/pseudonym_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MAX = 4096 };

static int
check(int fd, const char *path, struct problem *p)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return problem_set(p, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return problem_set(p, "%s: not a plain file", path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return problem_set(p, "%s: others have rights to the key (mode %04o): chmod 600",
		    path, (unsigned)st.st_mode & 07777);
	return 0;
}

static int
take(int fd, struct hmac_key *key_r, const char *path, struct problem *p)
{
	char key[KEY_MAX + 1];
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, key + n, sizeof(key) - n)) > 0)
		n += (size_t)got;
	if (got == -1)
		return problem_set(p, "%s: %s", path, strerror(errno));
	if (n > KEY_MAX)
		return problem_set(p, "%s: a key has at most %d bytes", path, KEY_MAX);
	while (n > 0 && (key[n - 1] == '\n' || key[n - 1] == '\r'))
		n--;
	if (n < PSEUDONYM_KEY_LEAST)
		return problem_set(p, "%s: a key has at least %d bytes, this one %zu", path,
		    PSEUDONYM_KEY_LEAST, n);
	hmac_key_init(key_r, (struct slice){ key, n });
	explicit_bzero(key, sizeof(key));
	return 0;
}

int
pseudonym_key_read(struct hmac_key *key_r, const char *path, struct problem *p)
{
	/* O_NONBLOCK: a FIFO is told from a file before anybody writes to it */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;

	if (fd == -1)
		return problem_set(p, "%s: %s", path, strerror(errno));
	rc = check(fd, path, p);
	if (rc == 0)
		rc = take(fd, key_r, path, p);
	close(fd);
	return rc;
}
