/*
 * hostname_six: may an IPv4 address stand in a host name as digits without separators? Part of
 * hostname_ip: a screen for what is dear to look for.
 *
 * The forms: eight hexadecimal digits, the octets as decimal ones padded with zeros or not, all of
 * these forward or backward; one decimal number. For parts of the address as well.
 */
#ifndef CLASSIFY_HOSTNAME_SIX_H
#define CLASSIFY_HOSTNAME_SIX_H

#include "base/domain.h"

enum { PLAIN_MIN = 7 };		/* digits without padding: fewer are not meant */

/* False: none of the forms stands there. True: six digits of one do. */
bool six_digits_stand(const struct host_name *h, const uint8_t b[4]);

#endif
