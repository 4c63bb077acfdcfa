/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.c - what has to change in a file of blocks for what is wanted
 *
 * Pure: one client after the other, each on the text that the one before it
 * left, so that two of them can't write the same key twice.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/utc.h"
#include "block/plan.h"

#define PLAN_NOTES 5 /* for one client */
/* An expiry that moves by less than a tenth of it is not worth a new map. */
#define PLAN_WORTH 10

/* What the steps of one plan share. */
struct plan_at {
	struct plan *plan;
	const struct plan_wish *wish;
	const struct plan_env *env;
	struct buf *why;
};

void
plan_free(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->nsteps; i++)
		free(p->step[i].text);
	free(p->step);
	edit_free(&p->edit);
	buf_free(&p->notes);
	*p = (struct plan)PLAN_INIT;
}

static int
plan_oom(struct plan_at *at)
{
	buf_adds(at->why, "out of memory");
	return -1;
}

/* Takes text over. */
static int
plan_step(struct plan_at *at, enum plan_verb verb, const struct client *key,
    struct buf *text)
{
	struct plan *p = at->plan;
	struct plan_step *v;
	char *s = buf_take(text);

	v = realloc(p->step, (p->nsteps + 1) * sizeof(*v));
	if (v != NULL)
		p->step = v;
	if (s == NULL || v == NULL) {
		free(s);
		return plan_oom(at);
	}
	v[p->nsteps++] = (struct plan_step){ verb, *key, s };
	p->nchanges += verb != PLAN_SAME;
	return 0;
}

static void
plan_add_until(struct buf *out, int64_t until)
{
	if (until == TAG_NEVER) {
		buf_adds(out, "for ever");
	} else {
		buf_adds(out, "until ");
		utc_add(out, until);
	}
}

/* --- add ----------------------------------------------------------------- */

/* Does a block that ends then last as long as one to this time? */
static bool
plan_lasts(const struct plan_at *at, int64_t until, int64_t wanted)
{
	if (until == TAG_NEVER || wanted == TAG_NEVER)
		return until == TAG_NEVER;
	return wanted - until < (wanted - at->env->now) / PLAN_WORTH;
}

/* The value of a block's entries. */
static struct span
plan_value(const struct entries *map, const struct entries_block *block)
{
	return block->n != 0 ? map->line[block->first + 1].value :
			       (struct span){ "", 0 };
}

static int
plan_same(struct plan_at *at, const struct client *key, size_t line,
    const struct entries_block *block)
{
	struct buf text = BUF_INIT;

	buf_adds(&text, "is blocked already");
	if (block != NULL) {
		if (!client_equal(&block->tag.key, key)) {
			buf_adds(&text, ", with ");
			client_add(&text, &block->tag.key);
		}
		buf_addc(&text, ' ');
		plan_add_until(&text, block->tag.until);
	} else {
		buf_addf(&text, ", by line %zu, which is not qblock's", line);
	}
	return plan_step(at, PLAN_SAME, key, &text);
}

/* Is it in what the file blocks as long?  1 or 0; -1, out of memory. */
static int
plan_is_blocked(struct plan_at *at, const struct client *key, int64_t until)
{
	const struct entries *map = &at->plan->edit.map;
	const struct entries_block *block;
	struct client named;
	bool nameless;
	size_t i;

	for (i = 0; i < map->nlines; i++) {
		/* A key for hosts without a name blocks none for sure. */
		if (map->line[i].key.n == 0 ||
		    map->server->effect(map->line[i].value) != BLOCK_REFUSES ||
		    !map->server->names(&named, map->line[i].key, &nameless) ||
		    nameless || !client_covers(&named, key))
			continue;
		block = entries_owner(map, map->line + i);
		if (block == NULL || plan_lasts(at, block->tag.until, until))
			return plan_same(at, key, map->line[i].number, block) ==
				0 ?
			    1 :
			    -1;
	}
	return 0;
}

/* A key may be in the file once: it has to be free, or in the block itself. */
static int
plan_keys(struct plan_at *at, const struct client *key,
    const struct block_keys *keys, const struct entries_block *block)
{
	const struct entries *map = &at->plan->edit.map;
	const struct entries_line *line;
	size_t i;

	for (i = 0; i < keys->n; i++) {
		line = entries_find(map, keys->key[i]);
		if (line == NULL ||
		    (block != NULL && entries_owner(map, line) == block))
			continue;
		buf_adds(at->why, "refused: ");
		client_add(at->why, key);
		buf_addf(at->why,
		    " needs the key %s, which line %zu of the %s has; remove"
		    " that first",
		    keys->key[i], line->number, map->server->text);
		return -1;
	}
	return 0;
}

/* The text of a block with its tag, as config and clock say. */
static int
plan_block(struct plan_at *at, const struct client *key,
    const struct block_keys *keys, const struct entries_block *old,
    struct buf *text)
{
	const struct plan_wish *w = at->wish;
	struct tag tag = {
		.key = *key,
		.added = at->env->now,
		.until = TAG_NEVER,
		.by = { at->env->by, strlen(at->env->by) },
	};
	struct span value = w->value;
	struct buf said = BUF_INIT, copy = BUF_INIT;
	int rc = -1;

	if (w->expire != PLAN_FOREVER)
		tag.until = at->env->now + w->expire;
	if (w->reason != NULL)
		tag.reason = (struct span){ w->reason, strlen(w->reason) };
	if (old != NULL) {
		/* What was not asked for stays. */
		if (w->reason == NULL)
			tag.reason = old->tag.reason;
		if (!w->value_said && old->n != 0)
			value = plan_value(&at->plan->edit.map, old);
		if (plan_lasts(at, old->tag.until, tag.until))
			tag.until = old->tag.until;
	}
	buf_add(&copy, value.p, value.n);
	if (buf_str(&copy) != NULL) {
		entries_add_block(text, at->plan->edit.map.server, &tag, keys,
		    buf_str(&copy));
		plan_add_until(&said, tag.until);
		buf_adds(&said, ": ");
		clean_add_line(&said, value.p, value.n);
		rc = plan_step(at, old != NULL ? PLAN_RENEW : PLAN_ADD, key,
		    &said);
	} else {
		rc = plan_oom(at);
	}
	buf_free(&copy);
	buf_free(&said);
	return rc;
}

/* Is the block as it is asked for? */
static bool
plan_fits(const struct plan_at *at, const struct entries_block *block,
    const struct block_keys *keys, int64_t until)
{
	const struct plan_wish *w = at->wish;
	struct span value = plan_value(&at->plan->edit.map, block);

	return block->n == keys->n && plan_lasts(at, block->tag.until, until) &&
	    (!w->value_said ||
		(value.n == w->value.n &&
		    memcmp(value.p, w->value.p, value.n) == 0));
}

static int
plan_add(struct plan_at *at, const struct client *key)
{
	const struct plan_wish *w = at->wish;
	int64_t until = w->expire == PLAN_FOREVER ? TAG_NEVER :
						    at->env->now + w->expire;
	const struct entries *map = &at->plan->edit.map;
	const struct entries_block *block;
	struct block_keys keys;
	struct buf text = BUF_INIT;
	const char *reason;
	int rc;

	if (map->server->keys(at->env->place, key, &keys, &reason) != 0) {
		buf_adds(at->why, "refused: ");
		client_add(at->why, key);
		buf_addf(at->why, " %s", reason);
		return -1;
	}
	if (guard_check(at->env->guard, key, map, w->wide, at->why) != 0 ||
	    guard_names(at->env->names, key, map, at->env->place,
		&at->plan->notes, at->why) != 0)
		return -1;
	block = entries_block_of(map, key);
	if (block != NULL && plan_fits(at, block, &keys, until))
		return plan_same(at, key, 0, block);
	if (block == NULL && (rc = plan_is_blocked(at, key, until)) != 0)
		return rc == 1 ? 0 : -1;
	if (plan_keys(at, key, &keys, block) != 0)
		return -1;
	rc = plan_block(at, key, &keys, block, &text);
	if (rc == 0)
		guard_note(&at->plan->notes, key, map, PLAN_NOTES);
	if (rc == 0 &&
	    (buf_str(&text) == NULL ||
		edit_put(&at->plan->edit, block, buf_str(&text)) != 0))
		rc = plan_oom(at);
	buf_free(&text);
	return rc;
}

/* --- remove and expire --------------------------------------------------- */

static int
plan_cut(struct plan_at *at, enum plan_verb verb,
    const struct entries_block *block)
{
	struct buf text = BUF_INIT;

	buf_addf(&text, "(%zu %s", block->n,
	    block->n == 1 ? "entry" : "entries");
	buf_adds(&text, ", added ");
	utc_add(&text, block->tag.added);
	buf_addc(&text, ')');
	if (plan_step(at, verb, &block->tag.key, &text) != 0)
		return -1;
	return edit_put(&at->plan->edit, block, "") == 0 ? 0 : plan_oom(at);
}

static int
plan_remove(struct plan_at *at, const struct client *key)
{
	const struct entries *map = &at->plan->edit.map;
	const struct entries_block *block = entries_block_of(map, key);
	const struct entries_line *line = NULL;
	struct block_keys keys;
	struct buf text = BUF_INIT;
	const char *unused;
	size_t i;

	if (block != NULL)
		return plan_cut(at, PLAN_REMOVE, block);
	if (map->server->keys(at->env->place, key, &keys, &unused) == 0)
		for (i = 0; i < keys.n && line == NULL; i++)
			line = entries_find(map, keys.key[i]);
	if (line != NULL) {
		client_add(at->why, key);
		block = entries_owner(map, line);
		buf_addf(at->why, " is in line %zu of the %s, which ",
		    line->number, map->server->text);
		if (block == NULL) {
			buf_adds(at->why,
			    "qblock did not write: edit the"
			    " file");
		} else {
			buf_adds(at->why, "is of the block of ");
			client_add(at->why, &block->tag.key);
			buf_adds(at->why, ": remove that");
		}
		return -1;
	}
	buf_adds(&text, "is not blocked by qblock");
	return plan_step(at, PLAN_SAME, key, &text);
}

static int
plan_expire(struct plan_at *at)
{
	const struct entries *map = &at->plan->edit.map;
	size_t i = 0;

	while (i < map->nblocks) {
		if (!tag_expired(&map->block[i].tag, at->env->now))
			i++;
		else if (plan_cut(at, PLAN_EXPIRE, map->block + i) != 0)
			return -1;
	}
	return 0;
}

/* A block that has no end is said to have none, unless it was asked for. */
static void
plan_note_end(struct plan_at *at)
{
	const struct plan_wish *w = at->wish;

	if (w->action == PLAN_BLOCK && !w->expire_said &&
	    at->plan->nchanges != 0)
		buf_adds(&at->plan->notes,
		    "note: it never ends, as no --expire says when:"
		    " --expire 24h does, and qblock remove ends it\n");
}

int
plan_make(struct plan *p, const struct plan_wish *w, const struct plan_env *env,
    const struct buf *bytes, struct buf *why)
{
	struct plan_at at = { p, w, env, why };
	size_t i;
	int rc = 0;

	*p = (struct plan)PLAN_INIT;
	if (edit_begin(&p->edit, env->place->server, bytes) != 0)
		rc = plan_oom(&at);
	if (rc == 0 && w->action == PLAN_CLEAR_OLD)
		rc = plan_expire(&at);
	for (i = 0; rc == 0 && i < w->n; i++)
		rc = w->action == PLAN_BLOCK ? plan_add(&at, w->client + i) :
					       plan_remove(&at, w->client + i);
	if (rc == 0)
		plan_note_end(&at);
	if (rc == 0 && p->nchanges != 0 &&
	    env->place->server->note_faults(env->place, &p->edit.map,
		&p->notes) != 0)
		rc = plan_oom(&at);
	if (rc == 0 && p->notes.oom)
		rc = plan_oom(&at);
	return rc;
}

void
plan_add_step(struct buf *out, const struct plan_step *s, bool done)
{
	static const char *const verb[][2] = {
		[PLAN_SAME] = { "", "" },
		[PLAN_ADD] = { "would block ", "blocked " },
		[PLAN_RENEW] = { "would change the block of ",
		    "changed the block of " },
		[PLAN_REMOVE] = { "would end the block of ",
		    "ended the block of " },
		[PLAN_EXPIRE] = { "would end the expired block of ",
		    "ended the expired block of " },
	};

	buf_adds(out, verb[s->verb][done]);
	client_add(out, &s->key);
	buf_addc(out, ' ');
	buf_adds(out, s->text);
	buf_addc(out, '\n');
}
