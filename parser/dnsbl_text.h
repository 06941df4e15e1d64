/*
 * dnsbl_text: what the text of a DNSBL says about which of its parts lists an address.
 *
 * "https://www.spamhaus.org/sbl/query/SBLCSS", ".../sbl/query/SBL12345", ".../pbl/query/PBL9",
 * "http://www.spamhaus.org/SBL/sbl.lasso?query=SBL49395" name it; ".../query/ip/192.0.2.1" does
 * not. The text is the list's own TXT record, passed on by the MTA. A query that was refused is
 * answered by "Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.1/".
 */
#ifndef PARSER_DNSBL_TEXT_H
#define PARSER_DNSBL_TEXT_H

#include "base/slice.h"

/* "SBLCSS", "SBL", "PBL" or "XBL", a part of text; "error"; empty when none is named. */
struct slice dnsbl_part(struct slice text);

#endif
