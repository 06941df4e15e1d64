/*
 * jsonl_record: one event, packed until its verdict is known.
 *
 * It names its source by what that is, not by its number in the state, which thinning and merging
 * change. Its signature and host are numbers of the reading: jsonl_record_renumber() gives it those
 * of another one, and parts carry their own (jsonl_record_travel()).
 */
#ifndef REPORT_JSONL_RECORD_H
#define REPORT_JSONL_RECORD_H

#include "base/pack.h"
#include "classify/observe.h"

enum jsonl_text {
	P_QID, P_MESSAGE_ID, P_NAME, P_HELO, P_ACCOUNT, P_SENDER, P_REPLY, P_SOURCE, JSONL_TEXTS
};

enum { JSONL_TEXT_MAX = 2000 };	/* a longer one is cut */

struct jsonl_record {		/* the texts follow, one behind the other */
	int64_t ts;
	uint64_t source_id, source_net;	/* as struct source's; id 0: the text P_SOURCE */
	uint32_t host, signature, recipients;
	int32_t score;
	struct addr addr;
	uint16_t port, local_port;
	uint8_t mta, source_kind;
	bool has_addr, has_score, has_sender, local;
	uint16_t length[JSONL_TEXTS];
};

/* Spam; mail of our own side, which behaviour or relay may turn into spam; suspected if asked. */
bool jsonl_wants(const struct classifier *cl, const struct observation *o, bool suspected);
/* Replaces out by the record. o: what observe() just said of m. */
void jsonl_pack(const struct classifier *cl, const struct message *m, const struct observation *o,
    struct buf *out);
/* Of a record as jsonl_pack() made it; the texts point into it. */
void jsonl_record_get(
    struct slice record, struct jsonl_record *k_r, struct slice text_r[JSONL_TEXTS]);
int64_t jsonl_record_time(const struct buf *record);
/* By its numbers, the new ones. */
void jsonl_record_renumber(struct buf *record, const uint32_t *signature, const uint32_t *host);
/* Appends it as bytes that travel, with its signature's new number. */
void jsonl_record_travel(struct slice record, const uint32_t *signature, struct buf *out);

struct jsonl_numbers {		/* of what arrives; here */
	const uint32_t *signature, *host;
	uint32_t signatures, hosts;
};

/* Replaces record_r by what travelled; u is bad when it was nothing that travels. */
void jsonl_record_arrive(
    struct unpack *u, const struct jsonl_numbers *numbers, struct buf *record_r);

#endif
