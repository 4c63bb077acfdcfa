/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * batch.c - messages that are changed together: claimed, judged, journaled
 *
 * Owns the claims.  A batch belongs to one thread; what it asks of the server
 * is in struct mta_change.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/clean.h"
#include "change/batch.h"
#include "change/settle.h"

#define BATCH_RCPTS 200 /* bytes of recipients in the journal */

int
batch_init(struct batch *b, const struct batch_run *run, size_t max)
{
	*b = (struct batch){ .run = run, .max = max, .lines = BUF_INIT };
	b->item = calloc(max, sizeof(*b->item));
	return b->item != NULL ? 0 : -1;
}

void
batch_free(struct batch *b)
{
	free(b->item);
	buf_free(&b->lines);
}

void
batch_clear(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		b->run->mta->change->drop(b->run->session, &b->item[i].claim);
	b->n = b->bytes = 0;
}

/* --- claiming ------------------------------------------------------------ */

struct batch_told {
	const struct selector *selector;
	struct selector_recipients to;
};

static void
batch_tell(void *arg, struct span address)
{
	struct batch_told *t = arg;

	selector_tell(t->selector, &t->to, address);
}

/* Is a message that was claimed and read what was selected? */
static bool
batch_is_wanted(const struct batch_run *run, const struct mta_claim *c)
{
	struct batch_told t = { .selector = run->wanted->selector };
	bool ask = t.selector != NULL && selector_asks_recipients(t.selector);
	struct envelope e;
	enum mta_state state;

	state = run->mta->change->look(c, &e, ask ? batch_tell : NULL, &t);
	return wanted_judge(run->wanted, state, &e, &t.to) == WANTED_YES;
}

static enum change_result
batch_take(const struct batch_run *run, struct mta_claim *c)
{
	const struct mta_change *change = run->mta->change;
	enum change_result r = change->claim(run->session, c);

	if (r != CHANGE_DONE)
		return r;
	if (!batch_is_wanted(run, c))
		return mta_claim_refuse(c, CHANGE_OTHER,
		    "no longer what was selected");
	return change->prepare != NULL ? change->prepare(run->session, c) :
					 CHANGE_DONE;
}

enum change_result
batch_claim(struct batch *b, const struct gather_name *name, size_t index,
    struct batch_item *failed)
{
	const struct batch_run *run = b->run;
	struct batch_item *item = &b->item[b->n];
	enum change_result r;

	*item = (struct batch_item){
		.message = {
			.place = &run->places->v[name->place],
			.kind = name->kind,
			.state = name->state,
			.name = name->name,
			.id = mta_id(run->mta, name->name),
			.ino = name->ino,
			.arrival = name->arrival,
		},
		.index = index,
	};
	item->claim.message = &item->message;
	if ((r = batch_take(run, &item->claim)) == CHANGE_DONE) {
		b->bytes += item->claim.bytes;
		b->n++;
		return r;
	}
	run->mta->change->drop(run->session, &item->claim);
	*failed = *item;
	failed->claim.message = &failed->message;
	return r;
}

/* --- the journal --------------------------------------------------------- */

struct batch_recipients {
	struct buf *text;
	size_t left; /* bytes there is room for */
};

static void
batch_recipient(void *arg, struct span address)
{
	struct batch_recipients *r = arg;

	if (address.n + 1 > r->left)
		return;
	buf_addc(r->text, ',');
	clean_add_line(r->text, address.p, address.n);
	r->left -= address.n + 1;
}

/* "3:a@b,c@d,..." */
static void
batch_recipients(struct buf *b, uint64_t n, const struct buf *addresses)
{
	buf_addf(b, "%" PRIu64, n);
	if (addresses->len == 0)
		return;
	buf_addc(b, ':');
	buf_add(b, addresses->data + 1, addresses->len - 1);
	b->oom = b->oom || addresses->oom;
}

static void
batch_line(struct batch *b, struct batch_item *item, int64_t now)
{
	const struct mta_place *place = item->message.place;
	const struct mta_place *home = place->home != NULL ? place->home :
							     place;
	const struct batch_run *run = b->run;
	struct buf id = BUF_INIT, addresses = BUF_INIT, recipients = BUF_INIT;
	struct batch_recipients r = { &addresses, BATCH_RCPTS };
	struct envelope e;

	run->mta->change->look(&item->claim, &e, batch_recipient, &r);
	batch_recipients(&recipients, e.recipients, &addresses);
	settle_add_id(&id, &item->message);
	item->at = journal_add(&b->lines, now,
	    change_action_name(run->session->action), home->path,
	    id.oom ? "" : buf_str(&id), &e,
	    recipients.oom ? "" : buf_str(&recipients));
	b->lines.oom = b->lines.oom || id.oom;
	buf_free(&id);
	buf_free(&addresses);
	buf_free(&recipients);
}

int
batch_enter(struct batch *b)
{
	int64_t now = when_wall(b->run->clock);
	size_t i;

	buf_truncate(&b->lines, 0);
	for (i = 0; i < b->n; i++)
		batch_line(b, &b->item[i], now);
	return journal_begin(b->run->journal, &b->lines, &b->at);
}

int
batch_end(struct batch *b)
{
	const struct batch_item *item;
	size_t i;

	for (i = 0; i < b->n; i++) {
		item = &b->item[i];
		journal_set(&b->lines, item->at,
		    item->undone ? JOURNAL_UNDONE :
				   change_result_name(item->claim.result));
	}
	return journal_end(b->run->journal, &b->lines, b->at);
}

int
batch_commit(struct batch *b, const char **why)
{
	struct mta_claim *claims[MTA_CHANGE_BATCH];
	size_t i;

	for (i = 0; i < b->n; i++)
		claims[i] = &b->item[i].claim;
	return b->run->mta->change->commit(b->run->session, claims, b->n, why);
}
