/*
 * hostname_ip: is the client's own address written in its host name? Part of hostname.
 */
#ifndef CLASSIFY_HOSTNAME_IP_H
#define CLASSIFY_HOSTNAME_IP_H

#include "base/addr.h"
#include "base/domain.h"

enum ip_strength { IP_NONE, IP_TWO, IP_THREE, IP_FULL };

struct ip_in_name {
	enum ip_strength strength;
	unsigned from, to;	/* the bytes of name it was found in, when not IP_NONE */
};

/* name: without its registered domain. */
struct ip_in_name ip_in_name(const struct host_name *name, const struct addr *client);

#endif
