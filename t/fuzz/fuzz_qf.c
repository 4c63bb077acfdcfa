/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_qf.c - any bytes are a control file, and what a beginning of it tells
 * is what the whole tells
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "mta/sendmail/hold.h"
#include "mta/sendmail/qf.h"

#define BEGINNINGS 48 /* of an input, at most */
struct told {
	const char *bytes;
	size_t n;
	uint64_t calls;
};

static void
tell(void *arg, struct span address)
{
	struct told *t = arg;

	t->calls++;
	FUZZ_MUST(fuzz_inside(address, t->bytes, t->n));
}

static struct envelope
parse(const char *bytes, size_t n, bool at_end)
{
	struct told t = { bytes, n, 0 };
	struct envelope e;

	qf_parse(&e, bytes, n, at_end, tell, &t);
	FUZZ_MUST(t.calls == e.recipients);
	FUZZ_MUST(!qf_wants_more(&e) || (t.calls == 0 && !at_end));
	FUZZ_MUST(e.end != (at_end ? ENVELOPE_MORE : ENVELOPE_CUT));
	FUZZ_MUST(e.version >= 0 && e.arrival >= -1 && e.last_try >= -1 &&
	    e.tries >= -1);
	FUZZ_MUST(e.relay.class != RELAY_INCOMPLETE || e.end == ENVELOPE_CUT);
	FUZZ_MUST(fuzz_inside(e.relay.host, bytes, n) &&
	    fuzz_inside(e.relay.ident, bytes, n));
	FUZZ_MUST(fuzz_inside(e.protocol, bytes, n) &&
	    fuzz_inside(e.helo, bytes, n) && fuzz_inside(e.sender, bytes, n));
	FUZZ_MUST(fuzz_inside(e.hold_reason, bytes, n) &&
	    fuzz_inside(e.status, bytes, n) &&
	    fuzz_inside(e.body_dir, bytes, n));
	return e;
}

static bool
same(const struct envelope *a, const struct envelope *b)
{
	return a->arrival == b->arrival &&
	    fuzz_same_relay(&a->relay, &b->relay) &&
	    fuzz_same(a->protocol, b->protocol) &&
	    fuzz_same(a->helo, b->helo) && fuzz_same(a->sender, b->sender) &&
	    a->has_sender == b->has_sender && a->recipients == b->recipients &&
	    a->end == b->end && a->recipients_more == b->recipients_more &&
	    fuzz_same(a->status, b->status) &&
	    fuzz_same(a->body_dir, b->body_dir);
}

/* As reader.c has the first n bytes, and then perhaps all. */
static void
beginning(const char *bytes, size_t n, const struct envelope *whole)
{
	char *part = fuzz_copy(bytes, n);
	struct envelope e = parse(part, n, false);

	if (e.end == ENVELOPE_WHOLE)
		FUZZ_MUST(same(&e, whole));
	if (!qf_wants_more(&e))
		FUZZ_MUST(fuzz_same_relay(&e.relay, &whole->relay));
	else if (e.relay.class == RELAY_SMTP)
		FUZZ_MUST(fuzz_same_relay(&e.relay, &whole->relay) ||
		    whole->relay.class == RELAY_UNKNOWN);
	FUZZ_MUST(e.recipients <= whole->recipients);
	FUZZ_MUST(e.recipients_more || e.recipients == whole->recipients);
	FUZZ_MUST(!e.has_sender || whole->has_sender);
	free(part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *text = n != 0 ? (const char *)bytes : NULL;
	struct envelope whole = parse(text, n, true);
	size_t i;

	for (i = 0; i <= n; i += n / BEGINNINGS + 1)
		beginning(text, i, &whole);
	return 0;
}
