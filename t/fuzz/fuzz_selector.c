/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_selector.c - a selector means what it says, and no more
 *
 * The first line is the selector, the rest a control file.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mqueue/qf.h"
#include "mqueue/selector.h"

#define NOW INT64_C(1795532400)

static const char *const prefix[SELECTOR_KINDS] = {
	[SELECTOR_NAME] = "name:",
	[SELECTOR_HELO] = "helo:",
	[SELECTOR_SENDER] = "sender:",
	[SELECTOR_SENDER_DOMAIN] = "sender-domain:",
};

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

static void
add_word(struct buf *b, const struct selector_word *w)
{
	if (w->kind == SELECTOR_RELAY)
		addr_add_prefix(b, &w->prefix);
	else
		buf_addf(b, w->kind == SELECTOR_SENDER ? "%s<%s>" : "%s%s",
		    prefix[w->kind], w->text);
	buf_addc(b, ' ');
}

/* Its words alone say the same; an age less matches no fewer. */
static void
round_trip(const struct selector *s, const struct envelope *e)
{
	struct selector again = SELECTOR_INIT;
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < s->nwords; i++)
		add_word(&b, &s->words[i]);
	if (s->nwords == 0)
		return;
	FUZZ_MUST(parse(&again, buf_str(&b)) == 0);
	FUZZ_MUST(again.nwords == s->nwords);
	for (i = 0; i < s->nwords; i++) {
		FUZZ_MUST(s->words[i].kind == again.words[i].kind);
		FUZZ_MUST(s->words[i].text == NULL ||
		    strcmp(s->words[i].text, again.words[i].text) == 0);
	}
	FUZZ_MUST(!selector_matches(s, e, NOW, false) ||
	    (selector_matches(s, e, NOW, true) &&
		selector_matches(&again, e, NOW, false)));
	selector_free(&again);
	buf_free(&b);
}

/* What a message says of itself selects it. */
static void
select_itself(const struct envelope *e)
{
	struct selector s = SELECTOR_INIT;
	struct buf b = BUF_INIT;

	buf_addf(&b, "sender:<%.*s>", (int)e->sender.n,
	    e->sender.n != 0 ? e->sender.p : "");
	if (e->relay.class == RELAY_SMTP) {
		buf_addc(&b, ' ');
		addr_add(&b, &e->relay.addr);
	}
	if (strlen(buf_str(&b)) == b.len &&
	    strcspn(buf_str(&b) + 7, "\t\r\n ") == e->sender.n + 2) {
		FUZZ_MUST(parse(&s, buf_str(&b)) == 0);
		FUZZ_MUST(selector_matches(&s, e, NOW, false) == e->has_sender);
	}
	selector_free(&s);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct selector s = SELECTOR_INIT;
	char *text = fuzz_line(&bytes, &n);
	struct envelope e;

	qf_parse(&e, n != 0 ? (const char *)bytes : NULL, n, true, NULL, NULL);
	FUZZ_MUST(!selector_matches(&s, &e, NOW, true));
	if (text != NULL && parse(&s, text) == 0) {
		FUZZ_MUST(!selector_is_empty(&s));
		round_trip(&s, &e);
	}
	select_itself(&e);
	selector_free(&s);
	free(text);
	return 0;
}
