/*
 * replay: runs a fuzz target over files without a fuzzer, so that a finding stays a test.
 *
 * usage: replay_TARGET FILE|DIR...
 *
 * Each file is tried in a process of its own; the entries of a directory are tried too (one level).
 * Prints a line for each file that fails; exit 1 if any did, or if there was no file at all.
 */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/wait.h>
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SECONDS_MAX = 60 };

static unsigned tried, failed;

/* In the child: read the file into a buffer of exactly its size, so that ASan sees the end. */
static void
run_target(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t n;

	if (f == NULL || fstat(fileno(f), &st) == -1) {
		perror(path);
		_exit(1);
	}
	n = (size_t)st.st_size;
	data = malloc(n > 0 ? n : 1);
	if (data == NULL || fread(data, 1, n, f) != n) {
		fprintf(stderr, "%s: cannot be read\n", path);
		_exit(1);
	}
	fclose(f);
	alarm(SECONDS_MAX);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	exit(0);
}

static void
try_file(const char *path)
{
	pid_t pid;
	int status;

	tried++;
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_target(path);
	while (pid != -1 && waitpid(pid, &status, 0) == -1) {
		if (errno != EINTR)
			pid = -1;
	}
	if (pid == -1) {
		perror("replay");
		exit(2);
	}
	if (status == 0)
		return;
	failed++;
	if (WIFSIGNALED(status))
		printf("%s: signal %d\n", path, WTERMSIG(status));
	else
		printf("%s: exit %d\n", path, WEXITSTATUS(status));
}

static int
not_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void
try_path(const char *path, int deeper)
{
	struct dirent **list;
	struct stat st;
	char *name;
	int n;

	if (stat(path, &st) == -1) {
		perror(path);
		failed++;
		return;
	}
	if (S_ISREG(st.st_mode)) {
		try_file(path);
		return;
	}
	if (!S_ISDIR(st.st_mode) || !deeper)
		return;
	n = scandir(path, &list, not_hidden, alphasort);
	for (int i = 0; i < n; i++) {
		if (asprintf(&name, "%s/%s", path, list[i]->d_name) == -1)
			abort();
		try_path(name, 0);
		free(name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		try_path(argv[i], 1);
	printf("%u files, %u failed\n", tried, failed);
	return failed > 0 || tried == 0;
}
