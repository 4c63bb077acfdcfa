/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_hold.c - a control file is held and released, and is else what it was
 *
 * The first line is the reason.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mta/sendmail/hold.h"
#include "mta/sendmail/qf.h"

static struct envelope
parse(const struct buf *b)
{
	struct envelope e;

	FUZZ_MUST(!b->oom);
	qf_parse(&e, b->data, b->len, true, NULL, NULL);
	return e;
}

static bool
same_file(const struct buf *a, const struct buf *b)
{
	return fuzz_same((struct span){ a->data, a->len },
	    (struct span){ b->data, b->len });
}

/* Of all that a hold has not to change. */
static void
must_agree(const struct envelope *a, const struct envelope *b)
{
	FUZZ_MUST(a->version == b->version && a->arrival == b->arrival &&
	    a->tries == b->tries && a->recipients == b->recipients &&
	    a->end == b->end);
	FUZZ_MUST(a->has_sender == b->has_sender &&
	    fuzz_same(a->sender, b->sender) && fuzz_same(a->helo, b->helo));
	FUZZ_MUST(fuzz_same_relay(&a->relay, &b->relay));
}

static void
hold(const struct buf *released, const char *reason)
{
	struct buf held = BUF_INIT, again = BUF_INIT;
	struct envelope was = parse(released), e;
	char last;

	if (hold_add(&held, buf_str(released), released->len, reason) != 0) {
		FUZZ_MUST(held.len == 0 && !was.has_sender);
	} else {
		e = parse(&held);
		last = held.data[held.len - 1];
		must_agree(&was, &e);
		/* A line that has no end is none. */
		if (last == '\n' && was.has_sender)
			FUZZ_MUST(e.hold_reason.n == strlen(reason));
		hold_remove(&again, held.data, held.len);
		FUZZ_MUST(same_file(&again, released));
	}
	buf_free(&again);
	buf_free(&held);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct buf released = BUF_INIT, again = BUF_INIT;
	char *reason = fuzz_line(&bytes, &n), *text = fuzz_copy(bytes, n);
	struct envelope e;

	hold_remove(&released, text, n);
	e = parse(&released);
	FUZZ_MUST(e.hold_reason.n == 0);
	hold_remove(&again, buf_str(&released), released.len);
	FUZZ_MUST(same_file(&again, &released));
	hold(&released, reason != NULL ? reason : "");
	buf_free(&released);
	buf_free(&again);
	free(text);
	free(reason);
	return 0;
}
