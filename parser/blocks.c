/*
 * See blocks.h.
 *
 *	block   ............ kept given ................... free ............ end
 *
 * Without a thread there is one block. Bytes are read behind those given as long as a good read
 * fits there, else what is kept moves to the front: so a pipe that gives single bytes does not make
 * us move a begun line for each of them.
 *
 * With a thread there is a ring of blocks: it fills one after the other and the reader takes them,
 * with what he keeps copied before each; the one before is free again then. At the end the thread
 * is gone and the decoder is the reader's again, who hears from it what happened.
 */
#define _GNU_SOURCE
#include "parser/blocks.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	READ = 128 * 1024,	/* still in the processor's second cache when it is parsed */
	BLOCK = BLOCKS_KEEP + 2 * READ,
	RING = 4,
	LONG = 2		/* a file of so many reads is worth a thread */
};

struct block {
	size_t n;		/* bytes at BLOCKS_KEEP */
	uint64_t offset;	/* blocks_offset() of them */
	char bytes[BLOCK + BLOCKS_SLACK];
};

struct blocks {
	struct decode *decode;
	struct block *current;	/* the reader's */
	unsigned reads;		/* made without a thread, up to LONG */
	bool over;
	uint64_t offset;
	bool ahead;		/* there is a thread: the decoder is its own */
	pthread_t thread;
	pthread_mutex_t lock;	/* of all below */
	pthread_cond_t turn;	/* a block was filled or taken, or all is over */
	struct block *ring[RING];
	unsigned filled, taken;
	bool ended, stop;
};

static atomic_uint threads_left;

void
blocks_threads(unsigned n)
{
	threads_left = n;
}

struct blocks *
blocks_open(struct decode *d)
{
	struct blocks *b;

	if (d == NULL)
		return NULL;
	b = mem_alloc(sizeof(*b));
	b->decode = d;
	b->current = mem_alloc(sizeof(*b->current));
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->turn, NULL);
	return b;
}

/* One of the threads that there may be; false: none is left. */
static bool
get_thread(void)
{
	unsigned n = threads_left;

	while (n > 0)
		if (atomic_compare_exchange_weak(&threads_left, &n, n - 1))
			return true;
	return false;
}

/* The block to fill next, once one is free; NULL: nobody wants more. */
static struct block *
free_block(struct blocks *b)
{
	struct block *k;

	pthread_mutex_lock(&b->lock);
	while (b->filled - b->taken == RING - 1 && !b->stop)	/* the reader holds one, too */
		pthread_cond_wait(&b->turn, &b->lock);
	k = b->stop ? NULL : b->ring[b->filled % RING];
	pthread_mutex_unlock(&b->lock);
	return k;
}

/* Gives a block away, and says whether it is the last. */
static void
pass_block(struct blocks *b, bool full, bool last)
{
	pthread_mutex_lock(&b->lock);
	b->filled += full;
	b->ended = last;
	pthread_cond_signal(&b->turn);
	pthread_mutex_unlock(&b->lock);
}

static void *
fill_blocks(void *context)
{
	struct blocks *b = context;
	struct block *k;
	int rc = 1;

	while (rc == 1 && (k = free_block(b)) != NULL) {
		char *to = k->bytes + BLOCKS_KEEP;
		size_t n;

		for (k->n = 0; rc == 1 && 2 * READ - k->n >= READ; k->n += n)
			rc = decode_read(b->decode, to + k->n, READ, &n, NULL);
		k->offset = decode_offset(b->decode);
		pass_block(b, k->n > 0, rc != 1);
	}
	return NULL;
}

/* Only the reader's block stays. */
static void
leave_ring(struct blocks *b)
{
	for (unsigned i = 0; i < RING; i++)
		if (b->ring[i] != b->current)
			free(b->ring[i]);
	threads_left++;
}

static void
start_thread(struct blocks *b)
{
	if (!decode_is_packed(b->decode) || !get_thread())
		return;
	b->ring[0] = b->current;
	for (unsigned i = 1; i < RING; i++)
		b->ring[i] = mem_alloc(sizeof(**b->ring));
	b->filled = b->taken = 1;
	b->ahead = pthread_create(&b->thread, NULL, fill_blocks, b) == 0;
	if (!b->ahead)
		leave_ring(b);
}

static void
end_thread(struct blocks *b)
{
	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_signal(&b->turn);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);
	b->ahead = false;
	leave_ring(b);
}

/* The next block that was filled; NULL: there is none. */
static struct block *
filled_block(struct blocks *b)
{
	struct block *k;

	pthread_mutex_lock(&b->lock);
	while (b->filled == b->taken && !b->ended)
		pthread_cond_wait(&b->turn, &b->lock);
	k = b->filled == b->taken ? NULL : b->ring[b->taken % RING];
	pthread_mutex_unlock(&b->lock);
	return k;
}

/* The block before it is free then. */
static void
take_block(struct blocks *b)
{
	pthread_mutex_lock(&b->lock);
	b->taken++;
	if (b->filled - b->taken <= RING / 2 - 1)	/* not for each: waking up takes long */
		pthread_cond_signal(&b->turn);
	pthread_mutex_unlock(&b->lock);
}

static bool
more_ahead(struct blocks *b, const char **start_p, const char **end_p)
{
	size_t kept = (size_t)(*end_p - *start_p);
	struct block *k = filled_block(b);

	if (k == NULL) {
		end_thread(b);
		return false;
	}
	assert(kept <= BLOCKS_KEEP);
	*start_p = memcpy(k->bytes + BLOCKS_KEEP - kept, *start_p, kept);
	*end_p = k->bytes + BLOCKS_KEEP + k->n;
	b->offset = k->offset;
	b->current = k;
	take_block(b);
	return true;
}

static int
more_alone(struct blocks *b, const char **start_p, const char **end_p, struct problem *p)
{
	char *bytes = b->current->bytes;
	size_t kept = (size_t)(*end_p - *start_p), n;
	int rc;

	assert(kept <= BLOCKS_KEEP);
	if (kept == 0 || bytes + BLOCK - *end_p < READ) {
		*start_p = memmove(bytes, *start_p, kept);
		*end_p = bytes + kept;
	}
	rc = decode_read(b->decode, bytes + (*end_p - bytes), READ, &n, p);
	*end_p += n;
	b->offset = decode_offset(b->decode);
	b->over = rc != 1;
	return rc;
}

int
blocks_more(struct blocks *b, const char **start_p, const char **end_p, struct problem *p)
{
	if (b->reads < LONG)
		b->reads++;
	else if (!b->ahead && !b->over)
		start_thread(b);
	if (b->ahead && more_ahead(b, start_p, end_p))
		return 1;
	return more_alone(b, start_p, end_p, p);
}

uint64_t
blocks_offset(const struct blocks *b)
{
	return b->offset;
}

uint64_t
blocks_size(const struct blocks *b)
{
	return decode_size(b->decode);
}

void
blocks_close(struct blocks *b)
{
	if (b == NULL)
		return;
	if (b->ahead)
		end_thread(b);
	free(b->current);
	decode_close(b->decode);
	pthread_cond_destroy(&b->turn);
	pthread_mutex_destroy(&b->lock);
	free(b);
}
