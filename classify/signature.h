/* signature: what kind of event it was, and which rules hit it; state.h interns them. */
#ifndef CLASSIFY_SIGNATURE_H
#define CLASSIFY_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

enum spam_kind { KIND_SIGN, KIND_HAM, KIND_SPAM, KIND_SUSPECTED, KIND_PROBE };
enum event_action { ACTION_ACCEPTED, ACTION_REFUSED, ACTION_DEFERRED, ACTION_DISCARDED,
	ACTION_TAGGED, ACTION_NONE };

struct signature {
	uint32_t hits;		/* of the evaluator */
	uint8_t kind, stage, direction, action, spam_by;
	bool submission, listed;	/* came to 587/465; a DNSBL was involved */
	bool inside;		/* own mail that went to our own mailboxes only */
	bool port25;		/* own mail that came from outside, with a login, on port 25 */
	bool lost;		/* own or relayed mail of which a recipient bounced */
	/*
	 * Of the log, of what is or may become spam: an open relay is a host's, and metrics are by
	 * host. Of all else 0.
	 */
	uint32_t host;
	uint32_t zone;		/* the DNSBL that answered or for which it was refused: a text */
};

#endif
