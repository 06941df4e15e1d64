/*
 * hostname_ip: is the client's own address written in its host name? Part of hostname.
 */
#ifndef CLASSIFY_HOSTNAME_IP_H
#define CLASSIFY_HOSTNAME_IP_H

#include "base/addr.h"

enum ip_strength { IP_NONE, IP_TWO, IP_THREE, IP_FULL };

struct ip_in_name {
	enum ip_strength strength;
	size_t from, to;	/* the bytes of name it was found in, when not IP_NONE */
};

/*
 * name in lower case, at most 255 bytes, already without the registered domain. No letter or digit
 * follows it, and 8 bytes can be read from its end too: see struct host_name.
 */
struct ip_in_name ip_in_name(struct slice name, const struct addr *client);

#endif
