/* SPDX-License-Identifier: ISC */
/*
 * pair: compare the cost of two commands, or take that of one.
 *
 * Runs A B A B ..., after one warm-up of each, so that a slow minute of the machine hits both.
 * The figures to trust are the ratios within each pair: their median, least and greatest.
 * CPU is user + system time of the command and all children it waited for (wait4); memory is
 * the greatest of any of these processes.
 *
 * Prints one line a figure: its name, the median, the least, the greatest, separated by tabs.
 * a.cpu a.wall a.rss b.cpu b.wall b.rss are seconds and MiB; cpu wall rss are the ratios B/A.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE			/* sched_setaffinity */
#endif

#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAXPAIRS	999
#define MAXARGS		64

enum { CPU, WALL, RSS, FIGURES };

static const char *const figure_name[] = { "cpu", "wall", "rss" };

struct side {
	const char *command, *input;	/* input: file for standard input, NULL: /dev/null */
	double	figure[FIGURES][MAXPAIRS];	/* seconds, seconds, MiB */
};

static int processor = -1;		/* to run on, or any */

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

static void
pin(void)
{
	cpu_set_t set;

	if (processor < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof set, &set) == -1)
		err(127, "processor %d", processor);
}

/* In the child.  The shell only serves commands that need it. */
static void
execute(const struct side *s)
{
	static const char special[] = "|&;<>()$`\\\"'*?[]#~=%!{}\n";
	char *copy, *args[MAXARGS + 1], *word;
	int n = 0;

	pin();
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
	s->figure[WALL][run] = now() - start;
	s->figure[CPU][run] = seconds(&ru.ru_utime) + seconds(&ru.ru_stime);
	s->figure[RSS][run] = (double)ru.ru_maxrss / 1024;
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

/* Sorts v. */
static void
print(const char *of, int figure, double *v, int n)
{
	double m = median(v, n);

	printf("%s%s\t%.6g\t%.6g\t%.6g\n", of, figure_name[figure], m, v[0], v[n - 1]);
}

static int
number(const char *s, int least, const char *what)
{
	char *e;
	long v = strtol(s, &e, 10);

	if (*s == '\0' || *e != '\0' || v < least || v > MAXPAIRS)
		errx(2, "%s must be %d to %d: %s", what, least, MAXPAIRS, s);
	return (int)v;
}

int
main(int argc, char **argv)
{
	static struct side a, b;
	static double ratio[FIGURES][MAXPAIRS];
	int ch, f, first = -1, i, n = 5, tolerant = 0;

	while ((ch = getopt(argc, argv, "a:b:n:p:tw")) != -1)
		switch (ch) {
		case 'a':
			a.input = optarg;
			break;
		case 'b':
			b.input = optarg;
			break;
		case 'n':
			n = number(optarg, 1, "pairs");
			break;
		case 'p':
			processor = number(optarg, 0, "the processor");
			break;
		case 't':
			tolerant = 1;
			break;
		case 'w':
			first = 0;
			break;
		default:
			goto usage;
		}
	argv += optind;
	if (argc - optind != 1 && argc - optind != 2)
		goto usage;
	a.command = argv[0];
	b.command = argv[1];
	for (i = first; i < n; i++) {
		measure(&a, i, tolerant);
		if (b.command == NULL)
			continue;
		measure(&b, i, tolerant);
		/* a run shorter than the kernel can tell counts as 1 ms */
		for (f = 0; f < FIGURES && i >= 0; f++)
			ratio[f][i] = b.figure[f][i] /
			    (a.figure[f][i] > 0.001 ? a.figure[f][i] : 0.001);
	}
	for (f = 0; f < FIGURES; f++)
		print("a.", f, a.figure[f], n);
	for (f = 0; f < FIGURES && b.command != NULL; f++)
		print("b.", f, b.figure[f], n);
	for (f = 0; f < FIGURES && b.command != NULL; f++)
		print("", f, ratio[f], n);
	return 0;
usage:
	fputs("usage: pair [-tw] [-a INPUT_OF_A] [-b INPUT_OF_B] [-n PAIRS] [-p PROCESSOR] A [B]\n"
	    "\t-t tolerates exit statuses below 126; -w: no warm-up\n", stderr);
	return 2;
}
