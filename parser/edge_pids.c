/* See edge_pids.h. */
#include "parser/edge_pids.h"

#include <stdlib.h>

#include "base/problem.h"

static inline uint64_t
page_key(uint32_t host, uint32_t pid)
{
	return (uint64_t)host << 32 | pid / PID_PAGE;
}

static inline uint64_t
page_hash(uint64_t key)
{
	return hash_u64(key, 3);
}

static __attribute__((noinline)) struct pid_page *
page_look(struct pids *p, uint64_t key)
{
	uint64_t h = page_hash(key);
	uint32_t at, i;

	for (i = table_first(&p->by_key, h, &at); i != TABLE_NONE;
	     i = table_next(&p->by_key, h, &at))
		if (p->page[i].key == key) {
			p->recent[key % PIDS_RECENT] = i + 1;
			return &p->page[i];
		}
	return NULL;
}

/* A host's processes are of a few pages. */
static inline struct pid_page *
page_find(struct pids *p, uint64_t key)
{
	uint32_t i = p->recent[key % PIDS_RECENT];

	return i != 0 && p->page[i - 1].key == key ? &p->page[i - 1] : page_look(p, key);
}

static struct pid_page *
page_new(struct pids *p, uint64_t key)
{
	mem_grow(&p->page, &p->cap, p->pages + 1, sizeof(*p->page));
	p->page[p->pages] = (struct pid_page){ .key = key };
	table_add(&p->by_key, page_hash(key), p->pages);
	return &p->page[p->pages++];
}

void
pids_add(struct pids *p, uint32_t host, uint32_t pid)
{
	uint64_t key = page_key(host, pid);
	struct pid_page *page = page_find(p, key);

	if (page == NULL)
		page = page_new(p, key);
	page->has[pid % PID_PAGE / 64] |= (uint64_t)1 << pid % 64;
}

bool
pids_has(struct pids *p, uint32_t host, uint32_t pid)
{
	const struct pid_page *page = page_find(p, page_key(host, pid));

	return page != NULL && page->has[pid % PID_PAGE / 64] >> pid % 64 & 1;
}

void
pids_free(struct pids *p)
{
	free(p->page);
	table_free(&p->by_key);
	*p = (struct pids){ 0 };
}
