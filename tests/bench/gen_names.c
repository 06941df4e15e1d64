/* SPDX-License-Identifier: ISC */
/*
 * genlog: clients, names and addresses.
 *
 * A source is a number; everything about it (address, reverse name, HELO) is a hash of that
 * number and the seed, so that it looks the same whenever it comes back and needs no memory.
 * Addresses are a permutation of the numbers: no two sources share one.
 */
#include <string.h>

#include "gen.h"

#define PICK(list, h)	((list)[(h) % (sizeof (list) / sizeof (list)[0])])

static const char *const syllable[] = { "ba", "ber", "co", "dal", "den", "el", "fen", "ga",
    "hol", "in", "jor", "ka", "lin", "lo", "mar", "mi", "nor", "ol", "pa", "quin", "ra", "ros",
    "sa", "sil", "ta", "tor", "ul", "va", "vin", "wes", "xan", "zel" };
static const char *const tld[] = { "example", "test", "example.com", "example.net",
    "example.org", "example", "test" };
static const char *const first[] = { "ada", "ben", "carla", "dirk", "ella", "finn", "gerd",
    "hana", "ivo", "jana", "karl", "lena", "marco", "nina", "otto", "paula", "ralf", "sofie",
    "tim", "ute", "vera", "willem", "yara", "zoe" };
static const char *const local[] = { "info", "sales", "office", "news", "bounce", "billing",
    "support", "noreply", "admin", "contact", "kontakt", "winner" };

void
gen_domain(char *buf, size_t size, uint64_t h)
{
	gen_text(buf, size, "%s%s%s%s.%s", PICK(syllable, h & 0xff), PICK(syllable, h >> 8 & 0xff),
	    h >> 16 & 1 ? PICK(syllable, h >> 17 & 0xff) : "", h >> 25 & 3 ? "" : "-online",
	    PICK(tld, h >> 27 & 0xff));
}

/* The local part of an address. */
void
gen_user(char *buf, size_t size, uint64_t h)
{
	switch (h & 3) {
	case 0:
		gen_text(buf, size, "%s.%s%s", PICK(first, h >> 8 & 0xff),
		    PICK(syllable, h >> 16 & 0xff), PICK(syllable, h >> 24 & 0xff));
		break;
	case 1:
		gen_text(buf, size, "%s%u", PICK(first, h >> 8 & 0xff), (unsigned)(h >> 16) % 997);
		break;
	case 2:
		gen_text(buf, size, "%s%s%s", PICK(syllable, h >> 8 & 0xff),
		    PICK(syllable, h >> 16 & 0xff), PICK(syllable, h >> 24 & 0xff));
		break;
	default:
		gen_text(buf, size, "%s", PICK(local, h >> 8 & 0xff));
	}
}

static uint32_t
permute(uint32_t x, uint32_t key)
{
	x += key;
	x ^= x >> 16;
	x *= 0x7feb352dU;
	x ^= x >> 15;
	x *= 0x846ca68bU;
	return x ^ x >> 16;
}

static int
public_address(uint32_t a)
{
	uint32_t net = a >> 24;

	return net != 0 && net != 10 && net != 127 && net < 224 && a >> 20 != 0xac1 &&
	    a >> 16 != 0xc0a8 && a >> 16 != 0xa9fe && a >> 22 != 0x191;
}

/* Walks the permutation's cycle to a public address; starts at 1.0.0.0, so never collides. */
static uint32_t
address(const struct gen *g, uint64_t number)
{
	uint32_t a = (uint32_t)number + 0x01000000U;

	do
		a = permute(a, (uint32_t)gen_hash(g->seed));
	while (!public_address(a));
	return a;
}

static void
dynamic_name(char *buf, size_t size, uint32_t a, uint64_t h)
{
	char isp[64];
	unsigned b[4] = { a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255 };

	gen_domain(isp, sizeof isp, 7000 + gen_hash(h >> 8 & 0x3f));
	switch (h & 7) {
	case 0:
		gen_text(buf, size, "%u-%u-%u-%u.dyn.%s", b[0], b[1], b[2], b[3], isp);
		break;
	case 1:
		gen_text(buf, size, "host-%u.%u.%u.%u.dsl.%s", b[3], b[2], b[1], b[0], isp);
		break;
	case 2:
		gen_text(buf, size, "p%x.dip0.t-%s", a, isp);
		break;
	case 3:
		gen_text(
		    buf, size, "cpe-%u-%u-%u-%u.res.broadband.%s", b[0], b[1], b[2], b[3], isp);
		break;
	case 4:
		gen_text(buf, size, "pool-%u-%u.ppp%u.%s", b[2], b[3], b[1], isp);
		break;
	case 5:
		gen_text(buf, size, "ip%u%u.adsl.customer.%s", b[2], b[3] + 1000, isp);
		break;
	case 6:
		gen_text(buf, size, "%u.%u.%u.%u.static.%s", b[3], b[2], b[1], b[0], isp);
		break;
	default:
		gen_text(buf, size, "dialin%u.cust%u.%s", a % 65521, b[0], isp);
	}
}

static void
server_name(char *buf, size_t size, uint32_t a, uint64_t h)
{
	char dom[64];
	unsigned n = (unsigned)(h >> 40 & 0xff);

	gen_domain(dom, sizeof dom, gen_hash(h >> 8));
	switch (h & 7) {
	case 0:
		gen_text(buf, size, "mail.%s", dom);
		break;
	case 1:
		gen_text(buf, size, "mx%u.%s", n % 5, dom);
		break;
	case 2:
		gen_text(buf, size, "vps%u.hoster%u.example.net", a % 99991, n % 9);
		break;
	case 3:
		gen_text(buf, size, "srv-%x.cloud.%s", a >> 8, dom);
		break;
	case 4:
		gen_text(buf, size, "mail-%c%c%u-f%u.bigmail%u.example", (int)('a' + n % 26),
		    (int)('a' + n / 10), n % 3, a % 251, n % 6);
		break;
	case 5:
		gen_text(buf, size, "mta-%u-%u.send.bulkpost%u.example.com", n, a % 63, n % 7);
		break;
	case 6:
		gen_text(buf, size, "out%u.smtp.%s", n % 30, dom);
		break;
	default:
		gen_text(buf, size, "%s", dom);
	}
}

/*
 * Most machines always call themselves the same.  In published logs of mail exchangers, 73 of 233
 * clients that came more than once had several names, and the name changed in 97 of 680 repeats:
 * so three in ten bad clients invent one now and then.
 */
static void
fill_helo(struct gen *g, struct sess *s, uint32_t a, enum gen_pool pool)
{
	uint64_t h = gen_hash(s->h);

	if (pool == POOL_BAD && (s->h >> 40) % 10 < 3 && gen_rnd(g, 3) == 0)
		gen_domain(s->helo, sizeof s->helo, gen_next(g));
	else if (pool == POOL_MTA && strcmp(s->name, "unknown") != 0)
		gen_text(s->helo, sizeof s->helo, "%s", s->name);
	else if (h % 10 < 3)
		gen_text(s->helo, sizeof s->helo, "[%u.%u.%u.%u]", a >> 24, a >> 16 & 255,
		    a >> 8 & 255, a & 255);
	else if (h % 10 < 5)
		gen_text(s->helo, sizeof s->helo, "win-%x%x", (unsigned)(h >> 32), a & 0xffff);
	else if (h % 10 < 7 && strcmp(s->name, "unknown") != 0)
		gen_text(s->helo, sizeof s->helo, "%s", s->name);
	else if (h % 10 < 8)
		gen_text(s->helo, sizeof s->helo, "localhost");
	else
		gen_domain(s->helo, sizeof s->helo, h >> 8);
}

/* With -d: the n-th of the day, where every second one was there the day before. */
static uint64_t
of_day(const struct gen *g, uint64_t n, enum gen_pool pool)
{
	uint64_t half = (g->source_goal[pool] + 1) / 2;

	if (g->day < 0 || pool == POOL_MTA)
		return n;
	return half * ((uint64_t)g->day + n % 2) + n / 2;
}

/* New sources come in step with the bytes; old ones come back, few of them very often. */
static uint64_t
source_number(struct gen *g, enum gen_pool pool)
{
	uint64_t n = g->sources[pool], due;
	unsigned r;

	due = g->target == 0 ? 0 : (uint64_t)((double)g->source_goal[pool] *
	    (double)g->written / (double)g->target);
	/* a few at once, lest the log start with one client */
	due = due + 50 < g->source_goal[pool] ? due + 50 : g->source_goal[pool];
	if (n == 0 || (n < due && n < UINT32_MAX / 64))
		return of_day(g, g->sources[pool]++, pool) * POOL_MAX + pool;
	r = gen_rnd(g, (unsigned)n);
	if (gen_rnd(g, 2) == 0)
		r = gen_rnd(g, gen_rnd(g, r + 1) + 1);
	return of_day(g, r, pool) * POOL_MAX + pool;
}

static void
open_port(struct gen *g, struct sess *s)
{
	s->port = 1024 + g->ports++ * 40503U % 64000U;
	s->pid = 20000 + g->pids++ % 10000U;
}

void
gen_source(struct gen *g, struct sess *s, enum gen_pool pool)
{
	uint64_t number = source_number(g, pool);
	uint32_t a = address(g, number);
	unsigned r;

	s->number = number;
	s->h = gen_hash(gen_hash(number) ^ g->seed);
	r = (unsigned)(s->h >> 48) % 100;
	if (r >= 97)
		gen_text(s->addr, sizeof s->addr, "2001:db8:%x:%x::%x", a >> 16, a & 0xffff,
		    r - 90);
	else
		gen_text(s->addr, sizeof s->addr, "%u.%u.%u.%u", a >> 24, a >> 16 & 255,
		    a >> 8 & 255, a & 255);
	r = (unsigned)(s->h >> 32) % 100;
	s->claimed[0] = '\0';
	if (pool == POOL_MTA || r < 12)
		server_name(s->name, sizeof s->name, a, s->h);
	else if (r < 70)
		dynamic_name(s->name, sizeof s->name, a, s->h);
	else {
		gen_text(s->name, sizeof s->name, "unknown");
		if (r < 84)
			dynamic_name(s->claimed, sizeof s->claimed, a, s->h);
	}
	fill_helo(g, s, a, pool);
	open_port(g, s);
}

static void
message_id(struct gen *g, struct sess *s, const char *dom)
{
	uint64_t h = gen_next(g);
	unsigned a = (unsigned)h, b = (unsigned)(h >> 32), id = (unsigned)g->ids;

	switch (h >> 60) {
	case 0: case 1: case 2: case 3: case 4:
		gen_text(s->mid, sizeof s->mid, "<%x-%x-%x-%x-%x@%s>", a, b & 0xffff,
		    b >> 16, id, a ^ b, s->helo[0] == '[' ? dom : s->helo);
		break;
	case 5: case 6: case 7: case 8:
		gen_text(s->mid, sizeof s->mid, "<2026%u.%x.%u@%s>", b, a, id, dom);
		break;
	case 9: case 10: case 11:
		gen_text(s->mid, sizeof s->mid, "<%X%x.%x@mail.%s>", a, b, id, dom);
		break;
	default:
		gen_text(s->mid, sizeof s->mid, "<%u.%u.%u.JavaMail.app@%s>", a, b, id, dom);
	}
}

static void
forget_said(struct sess *s)
{
	s->pregreet = s->login = s->relayed = s->called_spam = s->refused = 0;
	s->verdict = UNSEEN;
}

/*
 * Real mail hosts try again what was put off, and so do some bots; always within minutes, as only
 * the last few are remembered.
 */
int
gen_again(struct gen *g, struct sess *s)
{
	unsigned n = g->agains < GEN_AGAIN ? g->agains : GEN_AGAIN;

	if (n < 4 || gen_rnd(g, 4) != 0)
		return 0;
	*s = g->again[gen_rnd(g, n)];
	open_port(g, s);
	s->rcpt = 0;
	return 1;
}

void
gen_remember(struct gen *g, const struct sess *s)
{
	g->again[g->agains++ % GEN_AGAIN] = *s;
}

/* Sender, recipients, ids and verdict of one message; spam must be set. */
void
gen_message(struct gen *g, struct sess *s)
{
	char dom[64], user[48];
	uint64_t h = gen_next(g);
	unsigned i;

	g->ids++;
	gen_domain(dom, sizeof dom, gen_hash(s->spam ? h >> 32 : s->h >> 8));
	gen_user(user, sizeof user, h);
	if (h % 61 == 0 && !s->hacked)
		s->from[0] = '\0';
	else
		gen_text(s->from, sizeof s->from, "%s@%s", user, dom);
	message_id(g, s, dom);
	s->nrcpt = h >> 40 & 7 ? 1 : 1 + gen_rnd(g, GEN_RCPTS);
	s->rcpt = 0;
	for (i = 0; i < s->nrcpt; i++) {
		/* steps of 7 keep the recipients of one message apart */
		gen_user(user, sizeof user, gen_hash(gen_rnd(g, 3000) * 7 + i));
		gen_text(s->to[i], sizeof s->to[i], "%s%s@campus%u.example", user,
		    i == 0 ? "" : i == 1 ? ".b" : ".c", gen_rnd(g, 4));
	}
	/* different for every message: the factor is odd */
	gen_text(s->qid, sizeof s->qid, "%X%8", 0x1000 | (unsigned)(gen_hash(g->ids) & 0xfff),
	    (unsigned)g->ids * 2654435761U);
	s->size = 900 + gen_rnd(g, 9000) + (h >> 50 & 7 ? 0 : gen_rnd(g, 400000));
	s->score = s->spam ? 52 + gen_rnd(g, 190) : gen_rnd(g, 48);
	s->deferred = 0;
	forget_said(s);
}
