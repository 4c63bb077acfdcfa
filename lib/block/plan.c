/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.c - what a command makes of the text of an access map
 *
 * Pure: one client after the other, each on the text that the one before it
 * left, so that two of them can't write the same key twice.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/utc.h"
#include "mta/sendmail/access_fault.h"
#include "mta/sendmail/access_value.h"
#include "block/plan.h"

#define QBLOCK_PLAN_SHOWN 200
#define QBLOCK_PLAN_NOTES 5 /* for one client */
/* An expiry that moves by less than a tenth of it is not worth a new map. */
#define QBLOCK_PLAN_WORTH 10

/* What the steps of one plan share. */
struct qblock_plan_at {
	struct qblock_plan *plan;
	const struct qblock_config *config;
	const struct qblock_plan_env *env;
	struct buf *why;
};

void
qblock_plan_free(struct qblock_plan *p)
{
	size_t i;

	for (i = 0; i < p->nsteps; i++)
		free(p->step[i].text);
	free(p->step);
	qblock_edit_free(&p->edit);
	buf_free(&p->notes);
	*p = (struct qblock_plan)QBLOCK_PLAN_INIT;
}

static int
qblock_plan_oom(struct qblock_plan_at *at)
{
	buf_adds(at->why, "out of memory");
	return -1;
}

/* Takes text over. */
static int
qblock_plan_step(struct qblock_plan_at *at, enum qblock_plan_verb verb,
    const struct accesskey *key, struct buf *text)
{
	struct qblock_plan *p = at->plan;
	struct qblock_plan_step *v;
	char *s = buf_take(text);

	v = realloc(p->step, (p->nsteps + 1) * sizeof(*v));
	if (v != NULL)
		p->step = v;
	if (s == NULL || v == NULL) {
		free(s);
		return qblock_plan_oom(at);
	}
	v[p->nsteps++] = (struct qblock_plan_step){ verb, *key, s };
	p->nchanges += verb != QBLOCK_PLAN_SAME;
	return 0;
}

static void
qblock_plan_add_until(struct buf *out, int64_t until)
{
	if (until == ACCESSTAG_NEVER) {
		buf_adds(out, "for ever");
	} else {
		buf_adds(out, "until ");
		utc_add(out, until);
	}
}

/* --- add ----------------------------------------------------------------- */

/* Does a block that ends then last as long as one to this time? */
static bool
qblock_plan_lasts(const struct qblock_plan_at *at, int64_t until,
    int64_t wanted)
{
	if (until == ACCESSTAG_NEVER || wanted == ACCESSTAG_NEVER)
		return until == ACCESSTAG_NEVER;
	return wanted - until < (wanted - at->env->now) / QBLOCK_PLAN_WORTH;
}

/* The value of a block's entries. */
static struct span
qblock_plan_value(const struct accessmap *map,
    const struct accessmap_block *block)
{
	return block->n != 0 ? map->line[block->first + 1].value :
			       (struct span){ "", 0 };
}

static int
qblock_plan_same(struct qblock_plan_at *at, const struct accesskey *key,
    size_t line, const struct accessmap_block *block)
{
	struct buf text = BUF_INIT;

	buf_adds(&text, "is blocked already");
	if (block != NULL) {
		if (!accesskey_equal(&block->tag.key, key)) {
			buf_adds(&text, ", with ");
			accesskey_add(&text, &block->tag.key);
		}
		buf_addc(&text, ' ');
		qblock_plan_add_until(&text, block->tag.until);
	} else {
		buf_addf(&text, ", by line %zu, which is not qblock's", line);
	}
	return qblock_plan_step(at, QBLOCK_PLAN_SAME, key, &text);
}

/* Is it in what the file blocks as long?  1 or 0; -1, out of memory. */
static int
qblock_plan_is_blocked(struct qblock_plan_at *at, const struct accesskey *key,
    int64_t until)
{
	const struct accessmap *map = &at->plan->edit.map;
	const struct accessmap_block *block;
	struct accesskey named;
	size_t i;

	for (i = 0; i < map->nlines; i++) {
		/* [192.0.2.66] is asked for only if the host has no name. */
		if (map->line[i].key.n == 0 ||
		    memchr(map->line[i].key.p, '[', map->line[i].key.n) ||
		    accessvalue_of(map->line[i].value) != ACCESSVALUE_REFUSE ||
		    !accesskey_of(&named, map->line[i].key) ||
		    !accesskey_covers(&named, key))
			continue;
		block = accessmap_owner(map, map->line + i);
		if (block == NULL ||
		    qblock_plan_lasts(at, block->tag.until, until))
			return qblock_plan_same(at, key, map->line[i].number,
				   block) == 0 ?
			    1 :
			    -1;
	}
	return 0;
}

/* A key may be in the file once: it has to be free, or in the block itself. */
static int
qblock_plan_keys(struct qblock_plan_at *at, const struct accesskey *key,
    const struct accesskey_list *keys, const struct accessmap_block *block)
{
	const struct accessmap *map = &at->plan->edit.map;
	const struct accessmap_line *line;
	size_t i;

	for (i = 0; i < keys->n; i++) {
		line = accessmap_find(map, keys->key[i]);
		if (line == NULL ||
		    (block != NULL && accessmap_owner(map, line) == block))
			continue;
		buf_adds(at->why, "refused: ");
		accesskey_add(at->why, key);
		buf_addf(at->why,
		    " needs the key %s, which line %zu of the"
		    " access file has; remove that first",
		    keys->key[i], line->number);
		return -1;
	}
	return 0;
}

/* The text of a block with its tag, as config and clock say. */
static int
qblock_plan_block(struct qblock_plan_at *at, const struct accesskey *key,
    const struct accesskey_list *keys, const struct accessmap_block *old,
    struct buf *text)
{
	const struct qblock_config *c = at->config;
	struct accesstag tag = {
		.key = *key,
		.added = at->env->now,
		.until = ACCESSTAG_NEVER,
		.by = { at->env->by, strlen(at->env->by) },
	};
	struct span value = { c->value.data, c->value.len };
	struct buf said = BUF_INIT, copy = BUF_INIT;
	int rc = -1;

	if (c->expire != QBLOCK_CONFIG_FOREVER)
		tag.until = at->env->now + c->expire;
	if (c->reason != NULL)
		tag.reason = (struct span){ c->reason, strlen(c->reason) };
	if (old != NULL) {
		/* What was not asked for stays. */
		if (c->reason == NULL)
			tag.reason = old->tag.reason;
		if (!c->has_reply && old->n != 0)
			value = qblock_plan_value(&at->plan->edit.map, old);
		if (qblock_plan_lasts(at, old->tag.until, tag.until))
			tag.until = old->tag.until;
	}
	buf_add(&copy, value.p, value.n);
	if (buf_str(&copy) != NULL) {
		accessmap_add_block(text, &tag, keys, buf_str(&copy));
		qblock_plan_add_until(&said, tag.until);
		buf_adds(&said, ": ");
		clean_add_line(&said, value.p, value.n);
		rc = qblock_plan_step(at,
		    old != NULL ? QBLOCK_PLAN_RENEW : QBLOCK_PLAN_ADD, key,
		    &said);
	} else {
		rc = qblock_plan_oom(at);
	}
	buf_free(&copy);
	buf_free(&said);
	return rc;
}

/* Is the block as it is asked for? */
static bool
qblock_plan_fits(const struct qblock_plan_at *at,
    const struct accessmap_block *block, const struct accesskey_list *keys,
    int64_t until)
{
	const struct qblock_config *c = at->config;
	struct span value = qblock_plan_value(&at->plan->edit.map, block);

	return block->n == keys->n &&
	    qblock_plan_lasts(at, block->tag.until, until) &&
	    (!c->has_reply ||
		(value.n == c->value.len &&
		    memcmp(value.p, c->value.data, value.n) == 0));
}

static int
qblock_plan_add(struct qblock_plan_at *at, const struct accesskey *key)
{
	const struct qblock_config *c = at->config;
	int64_t until = c->expire == QBLOCK_CONFIG_FOREVER ?
	    ACCESSTAG_NEVER :
	    at->env->now + c->expire;
	const struct accessmap *map = &at->plan->edit.map;
	const struct accessmap_block *block;
	struct accesskey_list keys;
	struct buf text = BUF_INIT;
	const char *reason;
	int rc;

	if (accesskey_keys(key, at->env->cf->way.compressed, &keys, &reason) !=
	    0) {
		buf_adds(at->why, "refused: ");
		accesskey_add(at->why, key);
		buf_addf(at->why, " %s", reason);
		return -1;
	}
	if (qblock_guard_check(at->env->guard, key, map, c->wide, at->why) !=
		0 ||
	    qblock_guard_names(at->env->names, key, map, at->env->cf,
		&at->plan->notes, at->why) != 0)
		return -1;
	block = accessmap_block_of(map, key);
	if (block != NULL && qblock_plan_fits(at, block, &keys, until))
		return qblock_plan_same(at, key, 0, block);
	if (block == NULL && (rc = qblock_plan_is_blocked(at, key, until)) != 0)
		return rc == 1 ? 0 : -1;
	if (qblock_plan_keys(at, key, &keys, block) != 0)
		return -1;
	rc = qblock_plan_block(at, key, &keys, block, &text);
	if (rc == 0)
		qblock_guard_note(&at->plan->notes, key, map,
		    QBLOCK_PLAN_NOTES);
	if (rc == 0 &&
	    (buf_str(&text) == NULL ||
		qblock_edit_put(&at->plan->edit, block, buf_str(&text)) != 0))
		rc = qblock_plan_oom(at);
	buf_free(&text);
	return rc;
}

/* --- remove and expire --------------------------------------------------- */

static int
qblock_plan_cut(struct qblock_plan_at *at, enum qblock_plan_verb verb,
    const struct accessmap_block *block)
{
	struct buf text = BUF_INIT;

	buf_addf(&text, "(%zu %s", block->n,
	    block->n == 1 ? "entry" : "entries");
	buf_adds(&text, ", added ");
	utc_add(&text, block->tag.added);
	buf_addc(&text, ')');
	if (qblock_plan_step(at, verb, &block->tag.key, &text) != 0)
		return -1;
	return qblock_edit_put(&at->plan->edit, block, "") == 0 ?
	    0 :
	    qblock_plan_oom(at);
}

static int
qblock_plan_remove(struct qblock_plan_at *at, const struct accesskey *key)
{
	const struct accessmap *map = &at->plan->edit.map;
	const struct accessmap_block *block = accessmap_block_of(map, key);
	const struct accessmap_line *line = NULL;
	struct accesskey_list keys;
	struct buf text = BUF_INIT;
	const char *unused;
	size_t i;

	if (block != NULL)
		return qblock_plan_cut(at, QBLOCK_PLAN_REMOVE, block);
	if (accesskey_keys(key, at->env->cf->way.compressed, &keys, &unused) ==
	    0)
		for (i = 0; i < keys.n && line == NULL; i++)
			line = accessmap_find(map, keys.key[i]);
	if (line != NULL) {
		accesskey_add(at->why, key);
		block = accessmap_owner(map, line);
		buf_addf(at->why, " is in line %zu of the access file, which ",
		    line->number);
		if (block == NULL) {
			buf_adds(at->why,
			    "qblock did not write: edit the"
			    " file");
		} else {
			buf_adds(at->why, "is of the block of ");
			accesskey_add(at->why, &block->tag.key);
			buf_adds(at->why, ": remove that");
		}
		return -1;
	}
	buf_adds(&text, "is not blocked by qblock");
	return qblock_plan_step(at, QBLOCK_PLAN_SAME, key, &text);
}

static int
qblock_plan_expire(struct qblock_plan_at *at)
{
	const struct accessmap *map = &at->plan->edit.map;
	size_t i = 0;

	while (i < map->nblocks) {
		if (!accesstag_expired(&map->block[i].tag, at->env->now))
			i++;
		else if (qblock_plan_cut(at, QBLOCK_PLAN_EXPIRE,
			     map->block + i) != 0)
			return -1;
	}
	return 0;
}

/* What makemap will complain of, with each map that is made. */
static int
qblock_plan_note_faults(struct qblock_plan_at *at)
{
	struct accessfault_list list;
	size_t i;

	if (at->plan->nchanges == 0)
		return 0;
	if (accessfault_find(&list, &at->plan->edit.map,
		at->env->cf->keep_case) != 0)
		return -1;
	for (i = 0; i < list.n && i < ACCESSFAULT_KEPT; i++) {
		buf_adds(&at->plan->notes, "note: ");
		accessfault_add(&at->plan->notes, list.v + i, at->env->file);
		buf_adds(&at->plan->notes,
		    ": makemap leaves that out, as it did before\n");
	}
	if (list.n > ACCESSFAULT_KEPT)
		buf_addf(&at->plan->notes,
		    "note: makemap leaves out %zu more lines\n",
		    list.n - ACCESSFAULT_KEPT);
	return 0;
}

/* A block that has no end is said to have none, unless it was asked for. */
static void
qblock_plan_note_end(struct qblock_plan_at *at)
{
	const struct qblock_config *c = at->config;

	if (c->action == QBLOCK_CONFIG_ADD && !c->expire_said &&
	    at->plan->nchanges != 0)
		buf_adds(&at->plan->notes,
		    "note: it never ends, as no --expire says when:"
		    " --expire 24h does, and qblock remove ends it\n");
}

int
qblock_plan_make(struct qblock_plan *p, const struct qblock_config *c,
    const struct qblock_plan_env *env, const struct buf *bytes, struct buf *why)
{
	struct qblock_plan_at at = { p, c, env, why };
	size_t i;
	int rc = 0;

	*p = (struct qblock_plan)QBLOCK_PLAN_INIT;
	if (qblock_edit_begin(&p->edit, bytes) != 0)
		rc = qblock_plan_oom(&at);
	if (rc == 0 && c->action == QBLOCK_CONFIG_EXPIRE)
		rc = qblock_plan_expire(&at);
	for (i = 0; rc == 0 && i < c->nkeys; i++)
		rc = c->action == QBLOCK_CONFIG_ADD ?
		    qblock_plan_add(&at, c->key + i) :
		    qblock_plan_remove(&at, c->key + i);
	if (rc == 0)
		qblock_plan_note_end(&at);
	if (rc == 0 && qblock_plan_note_faults(&at) != 0)
		rc = qblock_plan_oom(&at);
	if (rc == 0 && p->notes.oom)
		rc = qblock_plan_oom(&at);
	return rc;
}

void
qblock_plan_add_step(struct buf *out, const struct qblock_plan_step *s,
    bool done)
{
	static const char *const verb[][2] = {
		[QBLOCK_PLAN_SAME] = { "", "" },
		[QBLOCK_PLAN_ADD] = { "would block ", "blocked " },
		[QBLOCK_PLAN_RENEW] = { "would change the block of ",
		    "changed the block of " },
		[QBLOCK_PLAN_REMOVE] = { "would end the block of ",
		    "ended the block of " },
		[QBLOCK_PLAN_EXPIRE] = { "would end the expired block of ",
		    "ended the expired block of " },
	};

	buf_adds(out, verb[s->verb][done]);
	accesskey_add(out, &s->key);
	buf_addc(out, ' ');
	buf_adds(out, s->text);
	buf_addc(out, '\n');
}
