/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * result.c - a plugin's result: states, texts and perfdata as a tree
 *
 * The tree owns its nodes and their texts.  Running out of memory anywhere
 * marks the whole tree, so that half an answer is never taken for one.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "plug/result.h"

static const char *const result_names[] = { "OK", "WARNING", "CRITICAL",
	"UNKNOWN" };

const char *
result_state_name(enum result_state state)
{
	return result_names[state];
}

int
result_state_parse(const char *s, enum result_state *state)
{
	int i;

	for (i = RESULT_OK; i <= RESULT_UNKNOWN; i++)
		if (strcasecmp(s, result_names[i]) == 0 ||
		    (s[0] == '0' + i && s[1] == '\0')) {
			*state = (enum result_state)i;
			return 0;
		}
	return -1;
}

static int
result_rank(enum result_state state)
{
	static const int rank[] = { 0, 1, 3, 2 };

	return rank[state];
}

enum result_state
result_worse(enum result_state a, enum result_state b)
{
	return result_rank(a) >= result_rank(b) ? a : b;
}

static char *
result_strdup(const struct result *r, const char *s)
{
	char *copy = s != NULL ? strdup(s) : NULL;

	if (copy == NULL)
		*r->oom = true;
	return copy;
}

struct result *
result_new(const char *subject)
{
	struct result *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	if ((r->oom = calloc(1, sizeof(*r->oom))) == NULL) {
		free(r);
		return NULL;
	}
	r->subject = result_strdup(r, subject);
	return r;
}

static void
result_free_node(struct result *r)
{
	size_t i;

	for (i = 0; i < r->nchild; i++)
		result_free_node(r->child[i]);
	free(r->child);
	free(r->perf);
	free(r->subject);
	for (i = 0; i < RESULT_TEXTS; i++)
		free(r->text[i]);
	free(r);
}

void
result_free(struct result *r)
{
	bool *oom;

	if (r == NULL)
		return;
	oom = r->oom;
	result_free_node(r);
	free(oom);
}

struct result *
result_add(struct result *parent, const char *subject, enum result_state state)
{
	struct result **child, *r;

	if (parent == NULL)
		return NULL;
	child = realloc(parent->child,
	    (parent->nchild + 1) * sizeof(struct result *));
	if (child != NULL)
		parent->child = child;
	r = child != NULL ? calloc(1, sizeof(*r)) : NULL;
	if (r == NULL) {
		*parent->oom = true;
		return NULL;
	}
	r->oom = parent->oom;
	r->state = state;
	r->subject = result_strdup(r, subject);
	child[parent->nchild++] = r;
	return r;
}

void
result_add_perf(struct result *r, const struct perf *p)
{
	struct perf *perf;

	if (r == NULL)
		return;
	perf = realloc(r->perf, (r->nperf + 1) * sizeof(*perf));
	if (perf == NULL) {
		*r->oom = true;
		return;
	}
	r->perf = perf;
	perf[r->nperf++] = *p;
}

void
result_set(struct result *r, enum result_text which, struct buf *b)
{
	if (r == NULL) {
		buf_free(b);
		return;
	}
	free(r->text[which]);
	if ((r->text[which] = buf_take(b)) == NULL)
		*r->oom = true;
}

bool
result_is_worse(const struct result *a, const struct result *b)
{
	return result_rank(a->state) > result_rank(b->state);
}

/* Insertion sort: stable, and a plugin has a handful of children. */
static void
result_sort(struct result *r)
{
	struct result *c;
	size_t i, j;

	for (i = 1; i < r->nchild; i++) {
		c = r->child[i];
		for (j = i; j != 0 && result_is_worse(c, r->child[j - 1]); j--)
			r->child[j] = r->child[j - 1];
		r->child[j] = c;
	}
}

void
result_settle(struct result *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->nchild; i++) {
		result_settle(r->child[i]);
		r->state = result_worse(r->state, r->child[i]->state);
	}
	result_sort(r);
}

bool
result_is_broken(const struct result *r)
{
	return *r->oom;
}
