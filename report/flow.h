/*
 * flow: spam by the host of the log that saw it, class, stage and direction, in this order.
 *
 * Every logging host has at least one. The name may be empty, and has strangers' bytes.
 */
#ifndef REPORT_FLOW_H
#define REPORT_FLOW_H

#include "base/slice.h"

struct flow {
	struct slice host;
	uint8_t verdict, stage, direction;
	uint64_t attempts, accepted;
};

#endif
