/*
 * See pseudonym.h. What is hashed is in lower case and, of a mailbox, the whole address: so a local
 * part that many domains have ("info") is not known by how often it comes. A letter in front keeps
 * the kinds apart; whatever has an @ is of one kind, so that a login and a recipient meet.
 */
#include "report/pseudonym.h"

#include "base/domain.h"
#include "report/pseudonym_scan.h"

enum { HASHED_BYTES = 10 };	/* 80 bits: 16 letters */

static void
hash(const struct pseudonym *y, char kind, struct slice s, uint8_t digest_r[SHA256_BYTES])
{
	struct buf b = { 0 };

	buf_chr(&b, kind);
	if (s.n > 0) {
		buf_room(&b, s.n);
		b.n += (unsigned)slice_lower(s, b.p + b.n).n;
	}
	hmac_sha256(&y->key, buf_slice(&b), digest_r);
	buf_free(&b);
}

static void
put_hash(const struct pseudonym *y, char kind, struct slice s, struct buf *out)
{
	static const char letter[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t d[SHA256_BYTES];
	unsigned bits = 0, n = 0;

	hash(y, kind, s, d);
	buf_str(out, "p-");
	for (int i = 0; i < HASHED_BYTES; i++) {
		bits = bits << 8 | d[i];
		for (n += 8; n >= 5; n -= 5)
			buf_chr(out, letter[bits >> (n - 5) & 31]);
	}
}

/* "[192.0.2.1]", "192.0.2.1"; false and nothing put when it is none. */
static bool
put_addr(const struct pseudonym *y, struct slice s, struct buf *out)
{
	bool bracket = s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']';
	char text[ADDR_TEXT];
	struct addr a;

	if (!addr_parse(bracket ? (struct slice){ s.p + 1, s.n - 2 } : s, &a))
		return false;
	pseudonym_addr(y, &a);
	addr_format(&a, text);
	buf_fmt(out, bracket ? "[%s]" : "%s", text);
	return true;
}

/* Under all: what stands before the registered domain is one pseudonym. */
static void
put_name(const struct pseudonym *y, struct slice s, struct buf *out)
{
	struct slice domain = domain_registered(s);

	if (y->mode != PSEUDONYMIZE_ALL || s.n == 0) {
		buf_add(out, s);
	} else if (put_addr(y, s, out)) {
		return;
	} else if (domain.n == 0) {
		put_hash(y, 'h', s, out);
	} else {
		if (domain.n < s.n && domain.p > s.p) {
			put_hash(y, 'h', s, out);
			buf_chr(out, '.');
		}
		buf_add(out, domain);
	}
}

void
pseudonym_put_mailbox(const struct pseudonym *y, struct slice s, struct buf *out)
{
	struct slice local = address_local(s), domain = slice_skip(s, local.n);

	put_hash(y, 'm', s, out);
	if (domain.n == 0)
		return;
	buf_add(out, slice_first(domain, domain.p[0] == '@' ? 1 : 3));	/* "%40" */
	put_name(y, slice_skip(domain, domain.p[0] == '@' ? 1 : 3), out);
}

/* Of "550 5.7.1 text" the numbers. */
static void
put_numbers(struct slice s, struct buf *out)
{
	size_t n = 0, end = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '-' || s.p[n] == '.' ||
	    (s.p[n] >= '0' && s.p[n] <= '9'))) {
		n++;
		if (n == s.n || s.p[n] == ' ')
			end = n;
	}
	/* an IP address is no status */
	for (size_t i = 0, dots = 0; i < end; i++) {
		dots = s.p[i] == '.' ? dots + 1 : s.p[i] == ' ' ? 0 : dots;
		if (dots > 2)
			return;
	}
	buf_add(out, slice_first(s, end));
}

static bool
is_token(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'z') ||
		    (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '-'))
			return false;
	return s.n <= 40;
}

static void
put_all(const struct pseudonym *y, enum personal what, struct slice s, struct buf *out)
{
	bool at = address_local(s).n < s.n;

	switch (what) {
	case PERSONAL_RECIPIENT:
	case PERSONAL_SENDER:
	case PERSONAL_ACCOUNT:
		if (at)
			pseudonym_put_mailbox(y, s, out);
		else
			put_hash(y, 'u', s, out);
		break;
	case PERSONAL_NAME:
		put_name(y, s, out);
		break;
	case PERSONAL_HELO:
		if (!put_addr(y, s, out))
			put_hash(y, 'h', s, out);
		break;
	case PERSONAL_TOKEN:
		if (is_token(s))
			buf_add(out, s);
		else
			put_hash(y, 'm', s, out);
		break;
	case PERSONAL_REPLY:
		put_numbers(s, out);
		break;
	default:
		put_hash(y, at ? 'm' : 'u', s, out);
	}
}

static void
put_recipients(const struct pseudonym *y, enum personal what, struct slice s, struct buf *out)
{
	bool address = what == PERSONAL_RECIPIENT || what == PERSONAL_SENDER ||
	    what == PERSONAL_ACCOUNT || what == PERSONAL_ID;

	if (address && address_local(s).n < s.n)
		pseudonym_put_mailbox(y, s, out);
	else if (what == PERSONAL_RECIPIENT)
		put_hash(y, 'u', s, out);
	else
		pseudonym_scan(y, s, &(struct known_names){ .n = 0 }, out);
}

void
pseudonym_put(const struct pseudonym *y, enum personal what, struct slice s, struct buf *out)
{
	if (y->mode == PSEUDONYMIZE_NONE || s.n == 0)
		buf_add(out, s);
	else if (what == PERSONAL_WORDS)
		pseudonym_scan(y, s, &(struct known_names){ .n = 0 }, out);
	else if (y->mode == PSEUDONYMIZE_ALL)
		put_all(y, what, s, out);
	else
		put_recipients(y, what, s, out);
}

void
pseudonym_put_text(const struct pseudonym *y, enum personal what, struct slice s,
    const struct known_names *known, struct buf *out)
{
	if (y->mode == PSEUDONYMIZE_RECIPIENTS)
		pseudonym_scan(y, s, known, out);
	else
		pseudonym_put(y, what, s, out);
}

bool
pseudonym_put_known(const struct pseudonym *y, struct slice s, const struct known_names *known,
    struct buf *out)
{
	for (unsigned i = 0; i < known->n; i++) {
		struct slice box = known->mailbox[i], local = address_local(box);

		if (local.n < 2 || !slice_eq_nocase(s, local))
			continue;
		put_hash(y, local.n < box.n ? 'm' : 'u', box, out);
		return true;
	}
	return false;
}

void
pseudonym_addr(const struct pseudonym *y, struct addr *a)
{
	static const struct addr none;
	char text[ADDR_TEXT + 4];
	uint8_t d[SHA256_BYTES];
	struct addr to = { { 0xfd } };

	if (y->mode != PSEUDONYMIZE_ALL || addr_is_loopback(a) || addr_key(a) == addr_key(&none))
		return;
	/* of its network first, as sources of IPv6 are networks */
	hash(y, 'i', (struct slice){ text, addr_key_format(addr_key(a), text) }, d);
	memcpy(to.b + 1, d, 7);
	if (!addr_is_v4(a)) {
		hash(y, 'i', (struct slice){ text, addr_format(a, text) }, d);
		memcpy(to.b + 8, d, 8);
	}
	*a = to;
}

bool
pseudonym_looks_like(struct slice s)
{
	size_t n = 0;

	if (!slice_take(&s, SLICE("p-")))
		return false;
	while (n < s.n && ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= '2' && s.p[n] <= '7')))
		n++;
	return n == HASHED_BYTES * 8 / 5 && (n == s.n || s.p[n] == '@' || s.p[n] == '.');
}

/* Numbers of users tell nothing outside of their host. */
static bool
is_number(struct slice s)
{
	uint64_t n;

	return slice_u64(s, UINT64_MAX, &n);
}

static void
put_script(const struct pseudonym *y, struct slice s, struct buf *out)
{
	struct slice user = slice_first(s, slice_chr(s, '@') ? (size_t)(slice_chr(s, '@') - s.p) :
	    s.n), rest = slice_skip(s, user.n);
	size_t host = slice_chr(rest, ' ') ? (size_t)(slice_chr(rest, ' ') - rest.p) : rest.n;
	struct known_names known = { { { s.p, user.n + host } }, 1 };

	if (y->mode == PSEUDONYMIZE_ALL) {
		put_hash(y, 'u', s, out);
	} else if (is_number(user)) {
		buf_add(out, slice_first(s, user.n + host));
		pseudonym_scan(y, slice_skip(rest, host), &known, out);
	} else {
		pseudonym_put(y, PERSONAL_RECIPIENT, known.mailbox[0], out);
		pseudonym_scan(y, slice_skip(rest, host), &known, out);
	}
}

/* A client's address, or its /64. */
static void
put_ip(const struct pseudonym *y, struct slice s, struct buf *out)
{
	bool net = slice_ends(s, SLICE("/64"));
	char text[ADDR_TEXT + 4];
	struct addr a;

	if (y->mode != PSEUDONYMIZE_ALL || !addr_parse(net ? slice_first(s, s.n - 3) : s, &a)) {
		buf_add(out, s);
		return;
	}
	pseudonym_addr(y, &a);
	if (net)
		addr_key_format(addr_key(&a), text);
	else
		addr_format(&a, text);
	buf_str(out, text);
}

void
pseudonym_put_source(const struct pseudonym *y, struct slice key, struct buf *out)
{
	struct slice s = key;

	if (y->mode == PSEUDONYMIZE_NONE) {
		buf_add(out, key);
	} else if (slice_take(&s, SLICE("ip:"))) {
		buf_str(out, "ip:");
		put_ip(y, s, out);
	} else if (slice_take(&s, SLICE("account:"))) {
		buf_str(out, "account:");
		pseudonym_put(y, PERSONAL_ACCOUNT, s, out);
	} else if (slice_take(&s, SLICE("script:"))) {
		buf_str(out, "script:");
		put_script(y, s, out);
	} else {
		pseudonym_put(y, PERSONAL_WORDS, key, out);
	}
}
