/* SPDX-License-Identifier: ISC */
/*
 * pair: compare the cost of two commands.
 *
 * Runs A B A B ..., after one warm-up of each, so that a slow minute of the machine hits both.
 * The figure to trust is the ratio of CPU within each pair: its median, least and greatest.
 * CPU is user + system time of the command and all children it waited for (wait4).
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE
#endif

#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAXPAIRS	999
#define MAXARGS		64

struct side {
	const char *command, *input;	/* input: file for standard input, NULL: /dev/null */
	double	cpu[MAXPAIRS], wall[MAXPAIRS], rss[MAXPAIRS];	/* seconds, seconds, MiB */
};

static double
now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) == -1)
		err(2, "clock_gettime");
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void
redirect(const char *file, int flags, int fd)
{
	int from;

	if ((from = open(file, flags)) == -1 || dup2(from, fd) == -1)
		err(127, "%s", file);
	if (from != fd)
		close(from);
}

/* In the child.  The shell only serves commands that need it. */
static void
execute(const struct side *s)
{
	static const char special[] = "|&;<>()$`\\\"'*?[]#~=%!{}\n";
	char *copy, *args[MAXARGS + 1], *word;
	int n = 0;

	redirect(s->input != NULL ? s->input : "/dev/null", O_RDONLY, STDIN_FILENO);
	redirect("/dev/null", O_WRONLY, STDOUT_FILENO);
	if (strpbrk(s->command, special) != NULL) {
		execl("/bin/sh", "sh", "-c", s->command, (char *)NULL);
		err(127, "/bin/sh");
	}
	if ((copy = strdup(s->command)) == NULL)
		err(127, NULL);
	for (word = strtok(copy, " \t"); word != NULL; word = strtok(NULL, " \t")) {
		if (n == MAXARGS)
			errx(127, "too many words: %s", s->command);
		args[n++] = word;
	}
	if (n == 0)
		errx(127, "empty command");
	args[n] = NULL;
	execvp(args[0], args);
	err(127, "%s", args[0]);
}

/* Runs the command once; run -1 is the warm-up.  A failing command ends everything. */
static void
measure(struct side *s, int run, int tolerant)
{
	struct rusage ru;
	double start = now();
	pid_t pid;
	int status;

	if ((pid = fork()) == -1)
		err(2, "fork");
	if (pid == 0)
		execute(s);
	while (wait4(pid, &status, 0, &ru) == -1)
		if (errno != EINTR)
			err(2, "wait4");
	if (WIFSIGNALED(status))
		errx(2, "killed by signal %d: %s", WTERMSIG(status), s->command);
	if (WEXITSTATUS(status) != 0 && (!tolerant || WEXITSTATUS(status) >= 126))
		errx(2, "exit status %d: %s", WEXITSTATUS(status), s->command);
	if (run < 0)
		return;
	s->wall[run] = now() - start;
	s->cpu[run] = seconds(&ru.ru_utime) + seconds(&ru.ru_stime);
	s->rss[run] = (double)ru.ru_maxrss / 1024;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts v. */
static double
median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, compare);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void
print_side(struct side *s, int n)
{
	double cpu = median(s->cpu, n), wall = median(s->wall, n), rss = median(s->rss, n);

	printf(" %8.3f %7.3f-%-7.3f %8.3f %7.1f |", cpu, s->cpu[0], s->cpu[n - 1], wall, rss);
}

static void
print_header(void)
{
	printf("%-30s %8s %15s %8s %7s | %8s %15s %8s %7s | %8s %15s\n", "", "A cpu s", "min-max",
	    "wall s", "RSS MiB", "B cpu s", "min-max", "wall s", "RSS MiB", "B/A cpu", "min-max");
}

static int
number(const char *s)
{
	char *e;
	long v = strtol(s, &e, 10);

	if (*s == '\0' || *e != '\0' || v < 1 || v > MAXPAIRS)
		errx(2, "number of pairs must be 1 to %d: %s", MAXPAIRS, s);
	return (int)v;
}

int
main(int argc, char **argv)
{
	static struct side a, b;
	static double ratio[MAXPAIRS];
	const char *label = "";
	int ch, header = 0, i, n = 5, tolerant = 0;

	while ((ch = getopt(argc, argv, "a:b:Hl:n:t")) != -1)
		switch (ch) {
		case 'a':
			a.input = optarg;
			break;
		case 'b':
			b.input = optarg;
			break;
		case 'H':
			header = 1;
			break;
		case 'l':
			label = optarg;
			break;
		case 'n':
			n = number(optarg);
			break;
		case 't':
			tolerant = 1;
			break;
		default:
			goto usage;
		}
	if (header)
		print_header();
	if (header && optind == argc)
		return 0;
	if (argc - optind != 2)
		goto usage;
	a.command = argv[optind];
	b.command = argv[optind + 1];
	for (i = -1; i < n; i++) {
		measure(&a, i, tolerant);
		measure(&b, i, tolerant);
		/* a run shorter than the kernel can tell counts as 1 ms */
		if (i >= 0)
			ratio[i] = b.cpu[i] / (a.cpu[i] > 0.001 ? a.cpu[i] : 0.001);
	}
	printf("%-30s", label);
	print_side(&a, n);
	print_side(&b, n);
	printf(" %8.4g", median(ratio, n));
	printf(" %7.4g-%-7.4g\n", ratio[0], ratio[n - 1]);
	return 0;
usage:
	fputs("usage: pair [-Ht] [-a INPUT_OF_A] [-b INPUT_OF_B] [-l LABEL] [-n PAIRS] A B\n"
	    "\t-H prints the table's head; -t tolerates exit statuses below 126\n", stderr);
	return 2;
}
