/* See pseudonym_items.h: which field of an item is what. */
#include "report/pseudonym_items.h"

static struct slice
replaced(const struct pseudonym *y, enum personal what, struct slice s,
    const struct known_names *known, struct arena *arena)
{
	struct buf b = { 0 };
	struct slice copy;

	if (s.n == 0)
		return s;
	pseudonym_put_text(y, what, s, known, &b);
	copy = arena_copy(arena, buf_slice(&b));
	buf_free(&b);
	return copy;
}

static void
know(struct known_names *known, struct slice mailbox)
{
	if (mailbox.n > 0 && known->n < PSEUDONYM_KNOWN)
		known->mailbox[known->n++] = mailbox;
}

const struct event *
pseudonym_event(const struct pseudonym *y, const struct event *ev, struct event *copy_r,
    struct arena *arena)
{
	static const uint8_t what[F_COUNT] = { [F_QID] = PERSONAL_TOKEN,
		[F_CHILD_ID] = PERSONAL_TOKEN, [F_ORIG_ID] = PERSONAL_TOKEN,
		[F_CLIENT_NAME] = PERSONAL_NAME, [F_HELO] = PERSONAL_HELO,
		[F_ACCOUNT] = PERSONAL_ACCOUNT, [F_SENDER] = PERSONAL_SENDER,
		[F_RCPT] = PERSONAL_RECIPIENT, [F_MESSAGE_ID] = PERSONAL_ID,
		[F_USER] = PERSONAL_USER, [F_PROTO] = PERSONAL_WORDS, [F_RELAY] = PERSONAL_NAME,
		[F_RELAY_ID] = PERSONAL_TOKEN, [F_REPLY] = PERSONAL_REPLY,
		[F_ZONE] = PERSONAL_WORDS, [F_CODE] = PERSONAL_WORDS, [F_TESTS] = PERSONAL_WORDS,
		[F_CWD] = PERSONAL_USER, [F_SERVICE] = PERSONAL_WORDS };
	struct known_names known = { .n = 0 };

	if (y->mode == PSEUDONYMIZE_NONE)
		return ev;
	*copy_r = *ev;
	know(&known, event_get(ev, F_RCPT));
	for (unsigned f = 0; f < F_COUNT; f++)
		if (event_has(ev, (enum event_field)f))
			copy_r->f[f] = replaced(y, (enum personal)what[f], ev->f[f], &known, arena);
	if (ev->has_addr)
		pseudonym_addr(y, &copy_r->addr);
	if (ev->has_addr2)
		pseudonym_addr(y, &copy_r->addr2);
	return copy_r;
}

const struct message *
pseudonym_message(const struct pseudonym *y, const struct message *m, struct message *copy_r,
    struct arena *arena)
{
	static const uint8_t what[MESSAGE_TEXTS] = { [T_QID] = PERSONAL_TOKEN,
		[T_MESSAGE_ID] = PERSONAL_ID, [T_CLIENT_NAME] = PERSONAL_NAME,
		[T_UNVERIFIED] = PERSONAL_NAME, [T_HELO] = PERSONAL_HELO,
		[T_ACCOUNT] = PERSONAL_ACCOUNT, [T_SERVICE] = PERSONAL_WORDS,
		[T_SENDER] = PERSONAL_SENDER, [T_RCPT] = PERSONAL_RECIPIENT,
		[T_USER] = PERSONAL_USER, [T_PROTO] = PERSONAL_WORDS, [T_CWD] = PERSONAL_USER,
		[T_TESTS] = PERSONAL_WORDS, [T_REPLY] = PERSONAL_REPLY, [T_ZONE] = PERSONAL_WORDS,
		[T_CODE] = PERSONAL_WORDS };
	struct known_names known = { .n = 0 };

	if (y->mode == PSEUDONYMIZE_NONE)
		return m;
	*copy_r = *m;
	know(&known, m->rcpt);
	for (unsigned i = 0; i < MESSAGE_TEXTS; i++)
		copy_r->text[i] = replaced(y, (enum personal)what[i], m->text[i], &known, arena);
	for (unsigned i = 0; i < m->replies; i++)
		copy_r->failed[i].text = replaced(y, PERSONAL_REPLY, m->failed[i].text, &known,
		    arena);
	for (unsigned i = 0; i < m->domains; i++)
		copy_r->domain[i] = replaced(y, PERSONAL_NAME, m->domain[i], &known, arena);
	if (m->has_addr)
		pseudonym_addr(y, &copy_r->addr);
	return copy_r;
}

void
pseudonym_line(const struct pseudonym *y, struct slice line, const struct event *ev,
    struct buf *out)
{
	struct known_names known = { .n = 0 };

	if (ev != NULL)
		know(&known, event_get(ev, F_RCPT));
	pseudonym_put_text(y, PERSONAL_WORDS, line, &known, out);
}

static void
one_text(const struct pseudonym *y, struct summary *s, enum personal what, struct slice *text)
{
	*text = replaced(y, what, *text, &(struct known_names){ .n = 0 }, &s->arena);
}

static void
key(const struct pseudonym *y, struct summary *s, struct slice *text)
{
	struct buf b = { 0 };

	pseudonym_put_source(y, *text, &b);
	*text = arena_copy(&s->arena, buf_slice(&b));
	buf_free(&b);
}

static void
findings(const struct pseudonym *y, struct summary *s, struct findings *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		key(y, s, &l->item[i].key);
		one_text(y, s, PERSONAL_NAME, &l->item[i].name);
	}
}

/* Of others they are networks, which stay. */
static void
changes(const struct pseudonym *y, struct summary *s, struct change_list *l)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->item[i].own)
			key(y, s, &l->item[i].key);
}

static void
notes(const struct pseudonym *y, struct summary *s, struct notes *l)
{
	for (unsigned i = 0; i < l->n; i++)
		one_text(y, s, PERSONAL_WORDS, &l->item[i].text);
}

void
pseudonym_summary(const struct pseudonym *y, struct summary *s)
{
	if (y->mode == PSEUDONYMIZE_NONE)
		return;
	for (unsigned k = 0; k < VERDICTS; k++)
		findings(y, s, &s->by_class[k]);
	findings(y, s, &s->elsewhere);
	findings(y, s, &s->own);
	for (unsigned i = 0; i < s->port25_users; i++)
		one_text(y, s, PERSONAL_ACCOUNT, &s->port25_user[i].account);
	changes(y, s, &s->changes.fresh);
	changes(y, s, &s->changes.quiet);
	notes(y, s, &s->assumptions);
	notes(y, s, &s->warnings);
}

/* A cut one ends with half a word: which may be the first half of an address. */
static void
sample(const struct pseudonym *y, struct line_sample *x)
{
	struct slice s = { x->text, x->n };
	struct buf b = { 0 };

	while (x->cut && s.n > 0 && s.p[s.n - 1] != ' ')
		s.n--;
	pseudonym_line(y, s, NULL, &b);
	if (x->cut && b.n < SAMPLE_BYTES) {
		sample_set(x, buf_slice(&b));
		x->cut = true;
	} else {
		sample_set(x, buf_slice(&b));
	}
	buf_free(&b);
}

void
pseudonym_samples(const struct pseudonym *y, struct run_facts *run)
{
	for (unsigned bad = 0; bad < 2; bad++) {
		for (unsigned i = 0; i < run->samples[bad]; i++)
			if (y->mode == PSEUDONYMIZE_RECIPIENTS)
				sample(y, &run->sample[bad][i]);
		if (y->mode == PSEUDONYMIZE_ALL)
			run->samples[bad] = 0;
	}
}
