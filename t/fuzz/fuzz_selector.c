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

/* Its words alone say the same; an age less matches no fewer. */
static void
round_trip(const struct selector *s, const struct envelope *e)
{
	struct selector again = SELECTOR_INIT;
	struct buf b = BUF_INIT;
	const struct selector_word *w = s->words;
	size_t i;

	for (i = 0; i < s->nwords; i++, w++) {
		buf_addc(&b, ' ');
		if (w->text == NULL)
			addr_add_prefix(&b, &w->prefix);
		else
			buf_addf(&b,
			    w->kind == SELECTOR_SENDER ? "%s<%s>" : "%s%s",
			    prefix[w->kind], w->text);
	}
	FUZZ_MUST(s->nwords == 0 || parse(&again, buf_str(&b)) == 0);
	FUZZ_MUST(again.nwords == s->nwords);
	for (i = 0; i < s->nwords; i++)
		FUZZ_MUST(s->words[i].kind == again.words[i].kind &&
		    (s->words[i].text == NULL ||
			strcmp(s->words[i].text, again.words[i].text) == 0));
	if (s->nwords != 0 && selector_matches(s, e, NOW, false))
		FUZZ_MUST(selector_matches(&again, e, NOW, true));
	selector_free(&again);
	buf_free(&b);
}

/* The sender of a message selects it, if a selector can say it. */
static void
select_itself(const struct envelope *e)
{
	struct selector s = SELECTOR_INIT;
	struct buf b = BUF_INIT;

	buf_adds(&b, "sender:<");
	buf_add(&b, e->sender.p, e->sender.n);
	buf_addc(&b, '>');
	if (strcspn(buf_str(&b), "\t\r\n ") == b.len) {
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

	qf_parse(&e, (const char *)bytes, n, true, NULL, NULL);
	FUZZ_MUST(!selector_matches(&s, &e, NOW, true));
	if (text != NULL && parse(&s, text) == 0)
		round_trip(&s, &e);
	select_itself(&e);
	selector_free(&s);
	free(text);
	return 0;
}
