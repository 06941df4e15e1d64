/* edge_pids: a set of processes, by host and number; for parser/edge*.c only. */
#ifndef PARSER_EDGE_PIDS_H
#define PARSER_EDGE_PIDS_H

#include "base/table.h"

enum { PID_PAGE = 512 };

struct pid_page {
	uint64_t key;			/* host << 32 | pid / PID_PAGE */
	uint64_t has[PID_PAGE / 64];	/* a bit for each */
};

enum { PIDS_RECENT = 64 };

struct pids {				/* zeroed: none */
	uint32_t recent[PIDS_RECENT];	/* pages by key: index + 1 */
	struct pid_page *page;
	unsigned pages, cap;
	struct table by_key;
};

void pids_add(struct pids *p, uint32_t host, uint32_t pid);
bool pids_has(struct pids *p, uint32_t host, uint32_t pid);
void pids_free(struct pids *p);

#endif
