/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_selector.c - a selector means what it says, and no more
 *
 * The first line is the selector, the rest a control file.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mail/selector.h"
#include "mta/sendmail/qf.h"

#define NOW INT64_C(1795532400)

/* A message, and what its recipients are to a selector. */
struct message {
	struct envelope e;
	const struct selector *selector;
	struct selector_recipients to;
	const char *bytes;
	size_t n;
	struct span recipient; /* the last */
};

static void
tell(void *arg, struct span address)
{
	struct message *m = arg;

	selector_tell(m->selector, &m->to, address);
	m->recipient = address;
}

static bool
matches(const struct selector *s, struct message *m, bool loopback)
{
	m->selector = s;
	m->to = (struct selector_recipients){ .other = false };
	qf_parse(&m->e, m->bytes, m->n, true, tell, m);
	return selector_matches(s, &m->e, &m->to, NOW, loopback);
}

/* 0 or -1; parses words after those that s has. */
static int
parse(struct selector *s, const char *text)
{
	struct buf why = BUF_INIT;
	int rc = selector_parse(s, text, &why);

	FUZZ_MUST(rc == 0 ? why.len == 0 : fuzz_is_line(buf_str(&why)));
	buf_free(&why);
	return rc;
}

/* Its words, written, say the same; an age less matches no fewer. */
static void
round_trip(const struct selector *s, struct message *m)
{
	struct selector again = SELECTOR_INIT;
	const struct selector_word *w = s->words, *x;
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < s->nwords; i++, w++) {
		buf_truncate(&b, 0);
		selector_add(&b, w);
		FUZZ_MUST(fuzz_is_line(buf_str(&b)));
		FUZZ_MUST(strchr(buf_str(&b), '\'') == NULL);
		FUZZ_MUST(parse(&again, buf_str(&b)) == 0);
		x = &again.words[i];
		FUZZ_MUST(again.nwords == i + 1 && x->kind == w->kind &&
		    x->class == w->class && x->n == w->n);
		FUZZ_MUST(w->text == NULL ||
		    memcmp(w->text, x->text, w->n) == 0);
	}
	if (s->nwords != 0 && matches(s, m, false))
		FUZZ_MUST(matches(&again, m, true));
	selector_free(&again);
	buf_free(&b);
}

/* What a message says selects it, whatever bytes these are. */
static void
select_itself(struct message *m, enum selector_kind kind, struct span text)
{
	struct selector s = SELECTOR_INIT;
	struct selector_word w = { .kind = kind, .n = text.n };
	struct buf b = BUF_INIT, copy = BUF_INIT;

	buf_add(&copy, text.p != NULL ? text.p : "", text.n);
	w.text = copy.data;
	selector_add(&b, &w);
	FUZZ_MUST(parse(&s, buf_str(&b)) == 0);
	FUZZ_MUST(matches(&s, m, false));
	selector_free(&s);
	buf_free(&b);
	buf_free(&copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct selector s = SELECTOR_INIT;
	char *text = fuzz_line(&bytes, &n);
	struct message m = { .bytes = (const char *)bytes, .n = n };

	FUZZ_MUST(!matches(&s, &m, true));
	if (text != NULL && parse(&s, text) == 0)
		round_trip(&s, &m);
	if (m.e.has_sender)
		select_itself(&m, SELECTOR_SENDER, m.e.sender);
	if (m.e.helo.n != 0)
		select_itself(&m, SELECTOR_HELO, m.e.helo);
	if (m.recipient.n != 0)
		select_itself(&m, SELECTOR_RECIPIENT, m.recipient);
	selector_free(&s);
	free(text);
	return 0;
}
